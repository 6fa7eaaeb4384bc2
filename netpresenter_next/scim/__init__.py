"""The SCIM protocol (RFC 7643, RFC 7644) without HTTP, which ``scim_http`` adds."""
