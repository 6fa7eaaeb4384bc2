"""For other WSGI servers: ``wsgi:app``.  One process only, with threads."""

from netpresenter_next import create_app, server
from netpresenter_next.config.options import load

config = load()
app = server.adopt(create_app(config), config)
