"""A dispatcher for ASGI: as in chapter 5, the beginning of the path decides, and SCRIPT_NAME is called root_path."""


class Prefixes:
    """One application out of several: those with a prefix, and one for all other paths and for the lifespan."""

    def __init__(self, app, prefixes):
        self.app, self.prefixes = app, prefixes

    async def __call__(self, scope, receive, send):
        for prefix, app in self.prefixes.items():
            root = scope.get("root_path", "") + prefix
            if scope["type"] == "http" and f"{scope['path']}/".startswith(f"{root}/"):
                return await app({**scope, "root_path": root}, receive, send)
        return await self.app(scope, receive, send)
