"""For other WSGI servers: ``wsgi:app``.  One process only, with threads."""

from netpresenter_next import create_app

app = create_app()
