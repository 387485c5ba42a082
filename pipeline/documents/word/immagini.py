"""Pictures of others, made ours: drawn from their dots within limits, without what travels with them.

Everything here is meant to run in the child that reads (`Lettore`): a picture is decoded.
"""

from contextlib import suppress
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

MAX_PUNTI = 50_000_000
"""Dots of a picture: few bytes can hold more than Word has the memory to show."""
LATO = 1_500
"""The most dots of a stemma, high and wide: at 3 cm no printer shows more."""

LATO_CARTA = 2_000
"""The most of a picture of a letterhead: LibreOffice compresses it anew for every page."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_SCANSIONE, MAX_SCANSIONI = b"\xff\xda", 100
"""How each scan of a JPEG begins (ITU-T T.81, B.1.1.3). A progressive one has ten: thousands are made to
take the time of whoever draws it."""
_WMF = (b"\xd7\xcd\xc6\x9a", b"\x01\0\x09\0", b"\x02\0\x09\0")
_EMF = (b"\x01\0\0\0", b" EMF", 40)
"""How the drawings of Windows begin; the second has its mark further on. Source: [MS-WMF] 2.3.2,
[MS-EMF] 2.3.4.2."""
_DI_WORD = ("PNG", "JPEG", "GIF", "BMP", "TIFF")
_SRGB = ImageCms.createProfile("sRGB")


class ImmagineRifiutata(Exception):
    """Why a picture cannot be used, in words for the office."""


def stemma(contenuto: bytes) -> bytes:
    """A PNG with the dots of a PNG or JPEG and nothing else, upright and no larger than it can show.

    Raises ImmagineRifiutata.
    """
    if not contenuto.startswith((_PNG, _JPEG)):  # the first bytes, before any reader is tried
        raise ImmagineRifiutata("non è un'immagine PNG o JPEG")
    immagine = _aperta(contenuto, ("PNG", "JPEG"))
    immagine.draft("RGB", (LATO, LATO))  # a JPEG is decoded no larger than this
    try:
        immagine.load()
        immagine = _piccola(immagine, LATO)
        ImageOps.exif_transpose(immagine, in_place=True)
        return _in_png(immagine)
    except MemoryError:
        raise
    except Exception as errore:  # Pillow has no common exception; the file is at fault
        raise ImmagineRifiutata("è danneggiata o incompleta") from errore


def ripulita(contenuto: bytes) -> bytes:
    """A picture of a letterhead in its own format, without author, place, comments.

    A drawing of Windows is left as it is. Raises ImmagineRifiutata for anything that Word does not draw.
    """
    inizio, marca, posto = _EMF
    if contenuto.startswith(_WMF) or (
        contenuto.startswith(inizio) and contenuto.startswith(marca, posto)
    ):
        return contenuto
    immagine = _aperta(contenuto, _DI_WORD)
    formato, profilo = immagine.format or "", immagine.info.get("icc_profile")
    try:
        immagine.load()
        immagine = _piccola(immagine, LATO_CARTA)
        ImageOps.exif_transpose(immagine, in_place=True)
        uscita = BytesIO()
        _senza_dati(immagine).save(uscita, formato, **_come(formato, profilo))
    except MemoryError:
        raise
    except Exception as errore:
        raise ImmagineRifiutata("è danneggiata o incompleta") from errore
    return uscita.getvalue()


def _aperta(contenuto: bytes, formati: tuple[str, ...]) -> Image.Image:
    """The picture, of which only the headings have been read."""
    try:
        immagine = Image.open(BytesIO(contenuto), formats=formati)
    except Image.DecompressionBombError:
        raise ImmagineRifiutata(_TROPPI_PUNTI) from None
    except Exception as errore:
        raise ImmagineRifiutata("non è un'immagine leggibile") from errore
    if immagine.width * immagine.height > MAX_PUNTI:
        raise ImmagineRifiutata(_TROPPI_PUNTI)
    if immagine.format == "JPEG" and contenuto.count(_SCANSIONE) > MAX_SCANSIONI:
        raise ImmagineRifiutata("si compone in troppe passate: salvarla di nuovo, come PNG")
    return immagine


_TROPPI_PUNTI = f"ha più di {MAX_PUNTI // 1_000_000} milioni di punti"


def _piccola(immagine: Image.Image, massimo: int) -> Image.Image:
    """Made smaller before its colours are changed: a large one in two copies would not fit in memory.

    From a very large one dots are dropped first, which takes no copy.
    """
    if max(immagine.size) <= massimo:
        return immagine
    if max(immagine.size) > 2 * massimo:
        immagine = immagine.resize(_entro(immagine, 2 * massimo), Image.Resampling.NEAREST)
    if immagine.mode == "1":
        immagine = immagine.convert("L")
    elif immagine.mode in ("P", "PA"):  # the colours of a palette cannot be mixed
        immagine = immagine.convert("RGBA" if immagine.has_transparency_data else "RGB")
    return immagine.resize(_entro(immagine, massimo), Image.Resampling.BICUBIC)


def _entro(immagine: Image.Image, massimo: int) -> tuple[int, int]:
    fattore = max(immagine.size) / massimo
    return max(1, round(immagine.width / fattore)), max(1, round(immagine.height / fattore))


def _in_png(immagine: Image.Image) -> bytes:
    if immagine.mode.startswith("I"):  # sixteen bits: what is beyond eight no page shows
        immagine = immagine.convert("I").point(lambda punto: punto / 256).convert("L")
    modo = "RGBA" if immagine.has_transparency_data else "L" if immagine.mode in ("1", "L") else "RGB"
    uscita = BytesIO()
    _senza_dati(_nei_nostri_colori(immagine, modo)).save(uscita, "PNG")
    return uscita.getvalue()


def _nei_nostri_colori(immagine: Image.Image, modo: str) -> Image.Image:
    """In the colours of a screen, also from those of a printer."""
    profilo = immagine.info.get("icc_profile")
    if profilo and immagine.mode in ("RGB", "CMYK") and modo == "RGB":
        with suppress(ImageCms.PyCMSError):
            trasformata = ImageCms.profileToProfile(immagine, BytesIO(profilo), _SRGB, outputMode="RGB")
            return trasformata or immagine
    return immagine.convert(modo)


def _senza_dati(immagine: Image.Image) -> Image.Image:
    """The dots alone: what Pillow has read beside them it would write again."""
    trasparenza = immagine.info.get("transparency")
    immagine.info.clear()
    immagine.getexif().clear()
    if trasparenza is not None:
        immagine.info["transparency"] = trasparenza
    return immagine


def _come(formato: str, profilo: bytes | None) -> dict[str, object]:
    """How a picture is saved: a profile says what its colours are, and nothing else."""
    if formato == "JPEG":
        return {"quality": 95, "icc_profile": profilo}
    return {"icc_profile": profilo} if formato == "PNG" and profilo else {}
