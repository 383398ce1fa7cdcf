"""Read files in processes of their own, with limits of memory and time, that a file may kill.

The processes are started once and kept warm; one that dies or takes too long is replaced.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any, TypeVar

from hotspot.errors import HotspotError, InputError

Result = TypeVar("Result")

GIBIBYTE = 1 << 30
_TO_BEGIN = 60.0
_NOWHERE = "http://127.0.0.1:9"
_LOOK_EVERY, _AT_LEAST = 0.1, 8.0
KEPT_DRIVERS = ("GPKG", "ESRI Shapefile", "FlatGeobuf")
_OTHER_DRIVERS = (
    "ADBC AIVector AVCBin AVCE00 AmigoCloud CAD CSV CSW Carto DGN DODS DXF EDIGEO EEDA "
    "ESRIJSON Elasticsearch GDALG GML GMLAS GPSBabel GPX GTFS GeoJSON GeoJSONSeq "
    "GeoRSS HANA HTTP Idrisi JML JSONFG KML LIBKML LVBAG MBTiles MEM MSSQLSpatial MVT MapML "
    "MiraMonVector MongoDBv3 MySQL NAS NGW OAPIF ODBC ODS OGCAPI OGR_GMT OGR_PDS OGR_VRT OSM "
    "OpenFileGDB PCIDSK PDF PDS4 PGDUMP PGeo PLSCENES PMTiles Parquet Arrow PostgreSQL S57 "
    "SOSI SQLite SXF Selafin TopoJSON VDV VFK VICAR VRT WAsP WFS XLS XLSX XODR netCDF"
)
"""Drivers that the worker takes away before GDAL is loaded: some follow what a file says."""


@dataclass(frozen=True)
class Limits:
    """What reading one file may take.

    Attributes
    ----------
    memory_bytes
        Address space of the process (where the operating system can limit it).
    seconds
        Time for one file.
    """

    memory_bytes: int = 6 * GIBIBYTE
    seconds: float = 120.0


class Sandbox:
    """A process that reads files one at a time.

    Parameters
    ----------
    limits
        What reading one file may take.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def run(
        self,
        what: str,
        function: Callable[..., Result],
        *arguments: object,
        size: int | None = None,
        cancelled: threading.Event | None = None,
    ) -> Result:
        """Call a function of a module in the process and give its result.

        Parameters
        ----------
        what
            Name of the file, for messages.
        size
            Bytes of the file: a small one is given less time.
        cancelled
            Set by another thread to give up.

        Raises
        ------
        InputError
            The file needs more memory or time than allowed, broke its reader, or was given up.
        HotspotError
            What the function itself raised.
        """
        with self._lock:
            pipe = self._start()
            try:
                pipe.send((function, arguments))
                kind, result = self._answer(pipe, what, self._time_for(size), cancelled)
            except (EOFError, ConnectionError) as error:
                self.close()
                raise InputError(self._too_much(what)) from error
        if kind == "result":
            answer: Result = result
            return answer
        if kind == "refused":
            raise result
        if kind == "memory":
            raise InputError(self._too_much(what))
        message = f"{what} broke its reader ({result}). Save it again from the program it is from."
        raise InputError(message)

    def _answer(
        self, pipe: Connection, what: str, seconds: float, cancelled: threading.Event | None
    ) -> tuple[str, Any]:
        """Wait for the task to begin, which may load libraries, and then for its end."""
        for limit in (_TO_BEGIN, seconds):
            waited = 0.0
            while not pipe.poll(_LOOK_EVERY):
                waited += _LOOK_EVERY
                if cancelled is not None and cancelled.is_set():
                    self.close()
                    message = f"{what} was given up; nothing was imported."
                    raise InputError(message)
                if waited >= limit:
                    self.close()
                    raise InputError(self._too_long(what, seconds))
            kind, result = pipe.recv()
        return kind, result

    def _time_for(self, size: int | None) -> float:
        """Return the seconds that a file may take by its size: 8 and one more for each megabyte."""
        if size is None:
            return self.limits.seconds
        return min(self.limits.seconds, _AT_LEAST + size / 1e6)

    def close(self) -> None:
        """End the process; the next file gets a new one."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None

    def _start(self) -> Connection:
        if self._pipe is not None and self._process is not None and self._process.is_alive():
            return self._pipe
        self.close()
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(
            target=_serve, args=(theirs, self.limits.memory_bytes), daemon=True
        )
        with _neutral_main():
            self._process.start()
        theirs.close()
        return self._pipe

    def _too_long(self, what: str, seconds: float) -> str:
        return (
            f"{what} takes longer than {seconds:.3g} seconds to read; nothing was "
            "imported. Split it, or save only the rows and columns that are needed."
        )

    def _too_much(self, what: str) -> str:
        return (
            f"{what} needs more than {self.limits.memory_bytes / GIBIBYTE:g} GiB of memory to "
            "read; nothing was imported. Split it, or save only the rows and columns that are "
            "needed."
        )


class SandboxPool:
    """A few such processes, so that one slow file keeps no one else waiting.

    Parameters
    ----------
    size
        How many.
    """

    def __init__(self, size: int = 2, limits: Limits | None = None) -> None:
        self._boxes = [Sandbox(limits) for _ in range(size)]
        self._free: queue.LifoQueue[Sandbox] = queue.LifoQueue()
        for box in reversed(self._boxes):
            self._free.put(box)

    def run(
        self,
        what: str,
        function: Callable[..., Result],
        *arguments: object,
        size: int | None = None,
        cancelled: threading.Event | None = None,
    ) -> Result:
        """Call a function in the next free process; see `Sandbox.run`."""
        box = self._free.get()
        try:
            return box.run(what, function, *arguments, size=size, cancelled=cancelled)
        finally:
            self._free.put(box)

    def close(self) -> None:
        """End all processes."""
        for box in self._boxes:
            box.close()


SANDBOX = SandboxPool()
"""The one of this program."""


@contextlib.contextmanager
def _neutral_main() -> Iterator[None]:
    """Keep the new process from running the program's main script once more.

    That script may be a page of the app, which puts itself there while it is drawn.
    """
    before = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = before


def _serve(pipe: Connection, memory_bytes: int) -> None:
    """Take tasks until the other end is closed."""
    _limit(memory_bytes)
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:
            return
        pipe.send(("begun", None))
        pipe.send(_outcome(function, arguments))


def _outcome(function: Callable[..., Any], arguments: tuple[object, ...]) -> tuple[str, Any]:
    try:
        return "result", function(*arguments)
    except HotspotError as error:
        return "refused", error
    except MemoryError:
        return "memory", None
    except BaseException as error:  # noqa: BLE001 - a reader in Rust panics past Exception
        return "broken", type(error).__name__


def _limit(memory_bytes: int) -> None:
    """Let this process take no more memory, write no file, follow no file and reach no network."""
    os.environ |= dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), _NOWHERE)
    os.environ["GDAL_SKIP"] = ",".join([*_OTHER_DRIVERS.split(), "MapInfo File"])
    os.environ["GDAL_HTTP_PROXY"] = "127.0.0.1:9"
    os.environ["CPL_LOG"] = os.devnull  # builds without some of these drivers say so for each
    with contextlib.suppress(ImportError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
