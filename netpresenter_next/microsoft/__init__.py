"""OpenID Connect with Microsoft, without the database and without pages."""
