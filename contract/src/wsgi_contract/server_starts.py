"""How servers start that have no command of their own, or whose command can't choose a free port or tell its URL.

Each is a program that is run with `python -c CODE MODULE:APP`: it serves the application on 127.0.0.1 and prints its
URL. Where a server is used in one way by nearly everybody, it is started in that way: gevent and eventlet with the
standard library made cooperative.
"""
LOAD = """
import importlib, sys
module, _, name = sys.argv[1].partition(":")
application = getattr(importlib.import_module(module), name)
"""
FREE = """
import socket, sys
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
"""
WAITRESS = LOAD + """
from waitress import create_server
server = create_server(application, host="127.0.0.1", port=0)
print(f"http://127.0.0.1:{server.effective_port}", flush=True)
server.run()
"""
WSGIREF = LOAD + """
import socket
from wsgiref.simple_server import make_server
socket.getfqdn = str  # wsgiref asks for the name of 127.0.0.1, and a name server may take its time
server = make_server("127.0.0.1", 0, application)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
"""
WERKZEUG = LOAD + """
from werkzeug.serving import make_server
server = make_server("127.0.0.1", 0, application)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
"""
CHEROOT = LOAD + """
from cheroot.wsgi import Server
server = Server(("127.0.0.1", 0), application)
server.prepare()
print("http://{}:{}".format(*server.bind_addr), flush=True)
server.serve()
"""
GEVENT = """
from gevent import monkey
monkey.patch_all()
""" + LOAD + """
from gevent.pywsgi import WSGIServer
server = WSGIServer(("127.0.0.1", 0), application)
server.start()
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
"""
EVENTLET = """
import eventlet
eventlet.monkey_patch()
""" + LOAD + """
from eventlet import wsgi
listener = eventlet.listen(("127.0.0.1", 0))
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
wsgi.server(listener, application)
"""
BJOERN = LOAD + """
import bjoern
bjoern.listen(application, "127.0.0.1", 0)
print(f"http://127.0.0.1:{bjoern._default_instance[0].getsockname()[1]}", flush=True)
bjoern.run()
"""
TORNADO = LOAD + """
from tornado import httpserver, ioloop, netutil, wsgi
sockets = netutil.bind_sockets(0, "127.0.0.1")
httpserver.HTTPServer(wsgi.WSGIContainer(application)).add_sockets(sockets)
print(f"http://127.0.0.1:{sockets[0].getsockname()[1]}", flush=True)
ioloop.IOLoop.current().start()
"""
TWISTED = LOAD + """
from twisted.internet import reactor
from twisted.python import log
from twisted.web.server import Site
from twisted.web.wsgi import WSGIResource
log.startLogging(sys.stderr)
site = Site(WSGIResource(reactor, reactor.getThreadPool(), application))
port = reactor.listenTCP(0, site, interface="127.0.0.1")
print(f"http://127.0.0.1:{port.getHost().port}", flush=True)
reactor.run()
"""
GRANIAN = FREE + """
from granian import Granian
if __name__ == "__main__":
    server = Granian(sys.argv[1], address="127.0.0.1", port=port, interface="wsgi")
    server.on_startup(lambda: print(f"http://127.0.0.1:{port}", flush=True))
    server.serve()
"""
UVICORN = LOAD + """
import uvicorn
from a2wsgi import WSGIMiddleware
uvicorn.run(WSGIMiddleware(application), host="127.0.0.1", port=0)
"""
CHERRYPY = LOAD + """
import cherrypy
cherrypy.config.update({"server.socket_host": "127.0.0.1", "server.socket_port": 0})
cherrypy.tree.graft(application)
cherrypy.engine.start()
cherrypy.engine.block()
"""
DJANGO = """
import sys
import django
from django.conf import settings
from django.core.management import call_command
settings.configure(DEBUG=True, WSGI_APPLICATION=sys.argv[1].replace(":", "."))
django.setup()
call_command("runserver", "127.0.0.1:0", "--noreload")
"""
UWSGI = FREE + """
import os, sysconfig
program = os.path.join(sysconfig.get_path("scripts"), "uwsgi")
os.execv(program, [program, f"--http=127.0.0.1:{port}", f"--module={sys.argv[1]}", f"--home={sys.prefix}",
                   f"--hook-post-app=print:http://127.0.0.1:{port}"])
"""
