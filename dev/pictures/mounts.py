"""Chapter 5: the tree of mounts, and what an app finds in the environ at each path."""
from workshop.drawing.canvas import MARGIN, Canvas

WIDTH = 520
GAP = 12
BRANCH = (WIDTH - 2 * MARGIN - GAP) / 2  # the width of a branch of the tree
LEAF = 112  # the height of a leaf

Leaf = tuple[str, str, str, str, str]

# Each app: the paths that are its own, and of each request what the app finds in the environ, and its answer.
MOUNTS: tuple[tuple[str, str, tuple[Leaf, ...]], ...] = (
    ("shop", "all other paths", (
        ("GET", "/", "", "/", "200 OK"),
        ("GET", "/adminx", "", "/adminx", "404 NOT FOUND"),
    )),
    ("admin", "`/admin` and below", (
        ("GET", "/admin/", "/admin", "/", "200 OK"),
        ("POST", "/admin/price", "/admin", "/price", "302 FOUND"),
    )),
)


def leaf(canvas: Canvas, x: float, y: float, method: str, path: str, script_name: str, path_info: str,
         answer: str) -> None:
    """Draw a request, with what the app finds and answers."""
    canvas.box(x, y, BRANCH, LEAF, "card")
    canvas.label(x + GAP, y + 25, f"`{method} {path}`", BRANCH - 2 * GAP, "name")
    canvas.line([(x + GAP, y + 36), (x + BRANCH - GAP, y + 36)], "life")
    facts = (f"`SCRIPT_NAME: {script_name!r}`", f"`PATH_INFO: {path_info!r}`", f"answer: `{answer}`")
    canvas.labels_in(x + GAP, y + 42, BRANCH - 2 * GAP, facts, anchor="start")


def branch(canvas: Canvas, x: float, app: str, paths: str, leaves: tuple[Leaf, ...]) -> None:
    """Draw a mount: the way to its app, the app, and the requests that it gets."""
    middle = x + BRANCH / 2
    canvas.line([(middle, MARGIN + 54), (middle, MARGIN + 64)])
    canvas.arrow([(middle, MARGIN + 88), (middle, MARGIN + 106)])
    canvas.label(middle, MARGIN + 81, paths, BRANCH, anchor="middle")
    canvas.box(x, MARGIN + 106, BRANCH, 34, "application")
    canvas.label(middle, MARGIN + 129, app, BRANCH, "name", "middle")
    for position, row in enumerate(leaves):
        leaf(canvas, x, MARGIN + 152 + (LEAF + GAP) * position, *row)


def words() -> str:
    """Return what the tree says, as sentences."""
    return " ".join(
        f"{app} gets {paths}: " + "; ".join(
            f"{method} {path} has SCRIPT_NAME {script_name!r} and PATH_INFO {path_info!r}, answer {answer}"
            for method, path, script_name, path_info, answer in leaves
        ) + "." for app, paths, leaves in MOUNTS
    )


def mounts() -> Canvas:
    """The tree of `DispatcherMiddleware(shop, {"/admin": admin})`."""
    canvas = Canvas(
        "ch05_mounts", "The tree of mounts",
        f"DispatcherMiddleware chooses between two Flask apps and splits the path between two variables. {words()}",
        WIDTH, 2 * MARGIN + 152 + 2 * LEAF + GAP)
    left, right = MARGIN + BRANCH / 2, WIDTH - MARGIN - BRANCH / 2
    canvas.line([(WIDTH / 2, MARGIN + 34), (WIDTH / 2, MARGIN + 54)])
    canvas.line([(left, MARGIN + 54), (right, MARGIN + 54)])
    canvas.box(WIDTH / 2 - 130, MARGIN, 260, 34, "middleware")
    canvas.label(WIDTH / 2, MARGIN + 23, "DispatcherMiddleware", 244, "name", "middle")
    for x, row in zip((MARGIN, MARGIN + BRANCH + GAP), MOUNTS, strict=True):
        branch(canvas, x, *row)
    return canvas


PICTURES = (mounts,)
