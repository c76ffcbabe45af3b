"""One site of two applications: the shop of chapter 5, through the adapter, and a page that waits without a thread."""
from examples.prefixes import Prefixes
from examples.waiting_pages import awaited

from ch05_middleware import application
from ch07_asgi import asgi_from_wsgi

app = Prefixes(awaited, {"/shop": asgi_from_wsgi(application)})
