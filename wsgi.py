"""For other WSGI servers: ``wsgi:app``.  One process only, with threads."""

from netpresenter_next import create_app
from netpresenter_next.config.options import load
from netpresenter_next.server import process

config = load()
app = process.prepare_for_wsgi_server(create_app(config), config)
