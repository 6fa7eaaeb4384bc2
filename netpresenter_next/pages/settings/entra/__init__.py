"""The page Microsoft Entra ID: tokens, connection, sign-in options, roles."""
