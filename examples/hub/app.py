"""A hub that takes models with passports: `uvicorn --factory app:create` (README.md)."""
import asyncio
import pathlib

import carnet
import jinja2
from anyio import to_thread
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from python_multipart.multipart import parse_options_header
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import ClientDisconnect

from refusal import Refusal
from settings import Settings
from shelf import Shelf
from upload import Upload

_HERE = pathlib.Path(__file__).parent
# What a passport says is from a stranger: it is escaped, and were it not, nothing of it could run.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
                               "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


class Hub:
    """What the requests share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.shelf = Shelf(settings)
        self.gate = carnet.Gate(carnet.Trust.load(settings.trust),
                                carnet.Policy.find(settings.policy, settings.trust))
        self.uploads = 0
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE / "templates"), autoescape=True,
            undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)

    def page(self, template: str, status: int = 200, media: str = "text/html",
             **values) -> Response:
        text = self._templates.get_template(template).render(policy=self.settings.policy, **values)
        return Response(text, status, media_type=media)

    async def receive(self, request: Request, boundary: bytes) -> tuple[str, carnet.Verdict]:
        """Judges an upload and shows it if it passes. Raises Refusal; carnet.Error and OSError:
        nobody could tell."""
        if self.uploads >= self.settings.max_uploads:
            raise Refusal(503, "the hub takes no more uploads at the moment")
        self.uploads += 1
        try:
            folder = await to_thread.run_sync(self.shelf.begin)
            try:
                upload = Upload(boundary, self.gate, folder, self.settings.max_upload)
                try:
                    chunks = request.stream().__aiter__()
                    while chunk := await self._next(chunks):
                        await to_thread.run_sync(upload.write, chunk)
                    verdict = await to_thread.run_sync(upload.verdict)
                finally:
                    upload.close()
                if verdict.passed:
                    await to_thread.run_sync(self.shelf.accept, folder, upload.name, verdict)
                return upload.name, verdict
            finally:
                await to_thread.run_sync(self.shelf.discard, folder)
        finally:
            self.uploads -= 1

    async def _next(self, chunks) -> bytes:
        try:
            chunk = await asyncio.wait_for(chunks.__anext__(), self.settings.idle_s)
            while not chunk:  # the last message of a body may be empty
                chunk = await asyncio.wait_for(chunks.__anext__(), self.settings.idle_s)
            return chunk
        except StopAsyncIteration:
            return b""
        except ClientDisconnect:
            raise Refusal(400, "the upload ended early") from None
        except asyncio.TimeoutError:
            raise Refusal(408, "the upload stopped") from None


def create(settings: Settings | None = None) -> FastAPI:
    """The application; by default with the settings of the environment."""
    hub = Hub(settings or Settings.of())
    app = FastAPI(title="Carnet's reference hub", docs_url=None, redoc_url=None)  # their pages load
    _serve(app, hub)                                                              # scripts
    _answer_errors(app, hub)
    return app


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _grouped(verdict: carnet.Verdict) -> list[tuple[carnet.Finding, list[int]]]:
    """Findings that say the same of several lines of the passport, once."""
    groups: dict[tuple[int, str, str], tuple[carnet.Finding, list[int]]] = {}
    for one in verdict.findings:
        _, lines = groups.setdefault((one.rule, one.reason, one.message), (one, []))
        if one.line:
            lines.append(one.line)
    return list(groups.values())


def _answer_errors(app: FastAPI, hub: Hub) -> None:
    @app.middleware("http")
    async def headers(request: Request, call_next) -> Response:
        response = await call_next(request)
        response.headers.update(_HEADERS)
        return response

    def answer(request: Request, status: int, message: str) -> Response:
        if _wants_page(request):
            return hub.page("error.html", status, message=message)
        return JSONResponse({"error": message}, status)

    @app.exception_handler(Refusal)
    async def refused(request: Request, error: Refusal) -> Response:
        return answer(request, error.status, str(error))

    @app.exception_handler(StarletteHTTPException)
    async def other(request: Request, error: StarletteHTTPException) -> Response:
        return answer(request, error.status_code, str(error.detail))

    async def could_not(request: Request, error: Exception) -> Response:
        # Its words are the operator's: they may name files of this machine.
        print(f"could not tell: {type(error).__name__}: {error}", flush=True)
        return answer(request, 503, "the hub could not judge the model; nothing is said about it")

    for kind in (carnet.Error, OSError):
        app.exception_handler(kind)(could_not)


def _serve(app: FastAPI, hub: Hub) -> None:
    def known(name: str) -> str:
        if not hub.shelf.has(name):
            raise HTTPException(404, "no such model")
        return name

    @app.get("/")
    def index() -> Response:
        models = [(name, hub.shelf.verdict(name)) for name in hub.shelf.names()]
        return hub.page("index.html", models=models)

    @app.get("/style.css")
    def style() -> Response:
        return FileResponse(_HERE / "style.css")

    @app.get("/favicon.ico")  # which browsers ask for
    def icon() -> Response:
        return Response(status_code=204)

    @app.post("/models")
    async def upload(request: Request) -> Response:
        kind, options = parse_options_header(request.headers.get("content-type"))
        if kind != b"multipart/form-data" or not 0 < len(options.get(b"boundary", b"")) <= 70:
            raise Refusal(415, "send a form: multipart/form-data")
        name, verdict = await hub.receive(request, options[b"boundary"])
        if not verdict.passed:
            if _wants_page(request):
                return hub.page("refused.html", 422, name=name, verdict=verdict,
                                findings=_grouped(verdict))
            return Response(verdict.to_json(), 422, media_type="application/json")
        if _wants_page(request):
            return RedirectResponse(f"/models/{name}", 303)
        return Response(verdict.to_json(), 201, {"Location": f"/models/{name}"},
                        media_type="application/json")

    @app.get("/models/{name}")
    def model(name: str) -> Response:
        return hub.page("model.html", name=known(name), verdict=hub.shelf.verdict(name),
                        drawn=hub.settings.lineage is not None)

    @app.get("/models/{name}/badge.svg")
    def badge(name: str) -> Response:
        level = hub.shelf.verdict(known(name))["level"]
        return hub.page("badge.svg", media="image/svg+xml",
                        text=f"level {level['number']}, {level['name']}")

    @app.get("/models/{name}/lineage.svg")
    def lineage(name: str) -> Response:
        try:
            return Response(hub.shelf.picture(known(name)), media_type="image/svg+xml")
        except carnet.NotFound as error:
            raise HTTPException(404, str(error)) from None

    for which, media in (("passport", "application/jsonl"), ("verdict", "application/json"),
                         ("signed", "application/json")):
        def get(name: str, which: str = which, media: str = media) -> Response:
            path = hub.shelf.file(known(name), which)
            return FileResponse(path, media_type=media, filename=f"{name}.{path.name}")

        app.get(f"/models/{{name}}/{which}", name=which)(get)
