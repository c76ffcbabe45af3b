"""One site of a framework for ASGI and an application of WSGI: Starlette, and the shop of chapter 5 below /shop."""
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from ch05_middleware import application
from ch07_asgi import asgi_from_wsgi


async def home(request):
    return PlainTextResponse(f"hello from Starlette at {request.url.path}\n")


app = Starlette(routes=[Route("/", home), Mount("/shop", asgi_from_wsgi(application))])
