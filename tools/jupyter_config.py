"""JupyterLab's settings for the chapters (`make jupyter`): one that is opened and not run is as it was.

JupyterLab writes into a notebook which kernel it has started, with the version of Python, then calls it changed and
stores it anew. No stored form could be right for every reader's Python: so a notebook is handed out with what
JupyterLab would write. What is stored stays in the normal form until the reader changes something.
"""

from typing import Any

from ipykernel.ipkernel import IPythonKernel
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

settings = get_config()  # type: ignore[name-defined]  # noqa: F821  (JupyterLab reads this file, and gives the function)


class Chapters(AsyncLargeFileManager):
    """Files as they are, notebooks with the kernel that they are about to get."""

    async def get(self, *given: Any, **named: Any) -> Any:
        model = await super().get(*given, **named)  # type: ignore[no-untyped-call]
        if model["type"] == "notebook" and model["content"]:
            metadata, specs = model["content"]["metadata"], self.parent.kernel_spec_manager  # type: ignore[union-attr]
            name = metadata.get("kernelspec", {}).get("name")
            if name in specs.find_kernel_specs():
                spec = specs.get_kernel_spec(name)
                metadata["kernelspec"] = {"name": name, "display_name": spec.display_name, "language": spec.language}
                metadata["language_info"] = {**IPythonKernel.language_info}
        return model


settings.ServerApp.contents_manager_class = Chapters
load_subconfig("export_config.py")  # type: ignore[name-defined]  # noqa: F821  (given like get_config)
