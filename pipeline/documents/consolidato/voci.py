"""The sheets of the voci: their gradi, and what each weighs in every mean."""

from decimal import Decimal

from pipeline.celle import di_seguito
from pipeline.documents.consolidato.libro import (
    PRIMA,
    PRIMA_VOCE,
    Descritto,
    Libro,
    arrotondato,
    riga_voce,
)
from pipeline.numeri import in_decimale
from pipeline.prospetti import Colonna, Rigo
from pipeline.score import VoceValutata
from pipeline.sigle import DEI_COMUNI
from pipeline.tables import Riga


def se_numero(cella: str, altrimenti: str = '""') -> str:
    return f"IF(ISNUMBER({cella}),{cella},{altrimenti})"


def media_delle_schede(r: Rigo, chiave: str) -> tuple[str, str]:
    """How many of the schede of a voce have a grado, to go in a formula, and the formula of their mean:
    from their cells or, where those stand in many places, from the code of the voce."""
    tratti, codice = di_seguito(r.dati["posti"]), r.dati["codice"]
    if not tratti:
        return "0", ""
    if len(tratti) > 2 and codice:
        quali = f'Schede_obiettivo,"{codice}"'
        conto, media = (
            f'COUNTIFS({quali},Schede_{chiave},">=0")',
            f"AVERAGEIFS(Schede_{chiave},{quali})",
        )
    else:
        celle = ",".join(r.fogli["Schede"].colonna(chiave, da, a) for da, a in tratti)
        conto, media = f"COUNT({celle})", f"AVERAGE({celle})"
    return conto, f'=IFERROR({media},"")'


def _scarto(r: Rigo, _: str) -> str:
    dichiarato, misurato = r.cella("grado_dichiarato"), r.cella("grado_misurato")
    return f'=IF(COUNT({dichiarato},{misurato})=2,ROUND({misurato}-{dichiarato},2),"")'


def dello_scarto(dichiarato: Decimal | None, misurato: Decimal | None) -> Decimal | None:
    """Negative where the indicatori say less, as in the relazione."""
    return None if dichiarato is None or misurato is None else arrotondato(misurato - dichiarato)


SCARTO = Colonna("scarto", "Scarto misurato − dichiarato", 10, "scarto", _scarto)
NOTE_RESPONSABILE = Colonna("note_responsabile", "Motivo / note del responsabile", 30)


# -------------------------------------------------------------------------------------------- Voci


def _nella_valutazione(r: Rigo, chiave: str) -> str:
    """A cell of a voce in the sheet of its settore."""
    foglio, posto = r.dati["valutazione"]
    return r.fogli[foglio].da_fuori(chiave, posto)


def _della_valutazione(r: Rigo, chiave: str) -> str:
    return f"={_nella_valutazione(r, chiave)}"


def _del_nucleo(r: Rigo, chiave: str) -> str:
    return f"={se_numero(_nella_valutazione(r, chiave))}"


def _misurato_delle_schede(r: Rigo, chiave: str) -> str:
    return media_delle_schede(r, chiave)[1]


VOCI = (
    Colonna("settore", "Sigla", 7),
    Colonna("n", "N.", 5, "intero"),
    Colonna("obiettivo", "Obiettivo", 12),
    Colonna("descrizione", "Descrizione obiettivo", 48),
    Colonna("schede", "Schede", 12),
    Colonna("peso", "Peso", 7, "numero"),
    Colonna("stato", "Stato", 15),
    Colonna("grado_dichiarato", "Grado dichiarato %", 10, "grado", _della_valutazione),
    Colonna("grado_misurato", "Grado misurato %", 10, "grado", _misurato_delle_schede),
    Colonna("grado_nucleo", "Grado Nucleo %", 10, "grado", _del_nucleo),
    Colonna("grado", "Grado finale %", 10, "grado", _della_valutazione),
    SCARTO,
    Colonna("origine", "Origine del grado", 12, "numero", _della_valutazione),
    Colonna("motivo", "Motivo dell'esclusione", 18),
    Colonna("fascia", "Fascia", 14),
    Colonna("base", "Base della misura", 10),
    Colonna("visto", "Visto dal Nucleo", 8),
    NOTE_RESPONSABILE,
    Colonna("note", "Note", 30),
)


def voci(libro: Libro) -> Descritto:
    posizioni = dict.fromkeys(libro.nomi, PRIMA_VOCE)
    dati = []
    for voce in libro.voci_in_ordine():
        settore, gradi = voce.settore, (voce.dichiarato, voce.grado_misurato)
        dati.append(
            {
                **libro.riga_in_chiaro(riga_voce(voce)),
                "obiettivo": libro.obiettivo(voce),
                "schede": libro.schede_di(voce),
                "grado_dichiarato": voce.dichiarato,
                "scarto": dello_scarto(*gradi),
                "valutazione": (libro.nomi[settore], posizioni[settore]),
                **libro.schede_per_formula(voce),
            }
        )
        posizioni[settore] += 1
    return libro.delle_voci(VOCI, dati), dati


# -------------------------------------------------------------------------------------------- Conti


def _nella_voce(r: Rigo, chiave: str) -> str:
    """A cell of the same voce in the sheet Voci."""
    return r.fogli["Voci"].da_fuori(chiave, r.numero)


def _conta(r: Rigo, _: str) -> str:
    grado, peso = _nella_voce(r, "grado"), _nella_voce(r, "peso")
    return f"=IF(AND(ISNUMBER({grado}),COUNTIF({peso},0)=0),1,0)"


def _peso_che_conta(r: Rigo, chiave: str) -> str:
    """The peso in the mean of the settore, if there is one."""
    foglio, posto = r.dati["valutazione"]
    settore = r.fogli[foglio]
    return f'=IF(ISNUMBER({settore.casella("grado")}),{settore.da_fuori(chiave, posto)},"")'


def _quota(r: Rigo, _: str) -> str:
    """The peso, over how many voci that count are the same obiettivo."""
    peso, obiettivo = r.cella("peso_che_conta"), r.cella("obiettivo")
    volte = f'COUNTIFS(Conti_obiettivo,{obiettivo},Conti_peso_che_conta,">0")'
    return f'=IF(ISNUMBER({peso}),{peso}/{volte},"")'


def _quota_grado(r: Rigo, _: str) -> str:
    quota = r.cella("quota")
    return f'=IF(ISNUMBER({quota}),{quota}*{_nella_voce(r, "grado")},"")'


def _confronto(r: Rigo, _: str) -> str:
    gradi = (_nella_voce(r, chiave) for chiave in ("grado_dichiarato", "grado_misurato"))
    return f"=IF(COUNT({','.join(gradi)})=2,{r.cella('conta')},0)"


def _peso_confronto(r: Rigo, _: str) -> str:
    """The trasversali weigh by their quota."""
    peso = r.cella("quota") if r.dati["gruppo"] == DEI_COMUNI else _nella_voce(r, "peso")
    return f'=IF({r.cella("confronto")}=1,N({peso}),"")'


def _peso_per(r: Rigo, chiave: str) -> str:
    peso, grado = r.cella("peso_confronto"), _nella_voce(r, chiave.replace("peso_", "grado_"))
    return f'=IF(ISNUMBER({peso}),{peso}*{grado},"")'


CONTI = (
    Colonna("obiettivo", "Obiettivo", 12),
    Colonna("settore", "Sigla", 7),
    Colonna("n", "N.", 5, "intero"),
    Colonna("descrizione", "Descrizione obiettivo", 40),
    Colonna("una_volta", "Una volta per obiettivo", 9, "intero"),
    Colonna("conta", "Conta nella media", 9, "intero", _conta),
    Colonna("peso_che_conta", "Peso che conta", 9, "numero", _peso_che_conta),
    Colonna("quota", "Peso nella media degli obiettivi distinti", 12, "quota", _quota),
    Colonna("quota_grado", "Lo stesso × grado", 10, "grado", _quota_grado),
    Colonna("gruppo", "Si confronta con", 10),
    Colonna("confronto", "Nel confronto", 10, "intero", _confronto),
    Colonna("peso_confronto", "Peso nel confronto", 10, "quota", _peso_confronto),
    Colonna("peso_dichiarato", "Lo stesso × dichiarato", 10, "grado", _peso_per),
    Colonna("peso_misurato", "Lo stesso × misurato", 10, "grado", _peso_per),
)


def conti(libro: Libro) -> Descritto:
    """What each voce weighs, a row a voce as in Voci: in the mean of the distinct obiettivi, where a
    trasversale counts once, and in the comparison of declared and measured, where it stands apart."""
    prime = {(o.voce.settore, o.voce.n) for o in libro.fascicolo.valutazione.distinti}
    righe = zip(libro.voci_in_ordine(), libro.prospetti["Voci"].righe, strict=True)
    return CONTI, [{**riga, **_pesi(libro, voce, prime)} for voce, riga in righe]


def _pesi(libro: Libro, voce: VoceValutata, prime: set[tuple[str, int]]) -> Riga:
    quota, dichiarato, misurato = in_decimale(voce.quota), voce.dichiarato, voce.grado_misurato
    riga: Riga = {
        "una_volta": int((voce.settore, voce.n) in prime),
        "conta": int(voce.conta),
        "peso_che_conta": None if voce.quota is None else voce.peso,
        "quota": quota,
        "quota_grado": _per(quota, voce.grado),
        "gruppo": DEI_COMUNI if voce.trasversale else libro.sigla(voce.settore),
        "confronto": 0,
        **dict.fromkeys(("peso_confronto", "peso_dichiarato", "peso_misurato")),
    }
    if voce.conta and dichiarato is not None and misurato is not None:
        peso = (quota if voce.trasversale else voce.peso) or Decimal(0)
        riga |= {"confronto": 1, "peso_confronto": peso}
        riga |= {"peso_dichiarato": peso * dichiarato, "peso_misurato": peso * misurato}
    return riga


def _per(peso: Decimal | None, grado: Decimal | None) -> Decimal | None:
    return None if peso is None or grado is None else peso * grado


# ------------------------------------------------------------------------------------- Ripartizione


def _dei_conti(r: Rigo, chiave: str) -> str:
    return f"={se_numero(r.fogli['Conti'].da_fuori(chiave, r.dati['posto']))}"


RIPARTIZIONE = (
    Colonna("codice", "Missione o programma", 34),
    Colonna("obiettivo", "Obiettivo", 12),
    Colonna("settore", "Sigla", 7),
    Colonna("n", "N.", 5, "intero"),
    Colonna("quota", "Peso nella media degli obiettivi distinti", 12, "quota", _dei_conti),
    Colonna("quota_grado", "Lo stesso × grado", 10, "grado", _dei_conti),
)


def ripartizione(libro: Libro) -> Descritto:
    """A row for each missione, and each programma, that a voce is linked to."""
    righe = zip(libro.voci_in_ordine(), libro.prospetti["Conti"].righe, strict=True)
    return RIPARTIZIONE, [
        {**riga, "codice": codice, "posto": posto}
        for posto, (voce, riga) in enumerate(righe, start=PRIMA)
        for codice in (
            *(di_bilancio(missione) for missione in voce.missioni),
            *(di_bilancio(*programmi.split(" ", 1)) for programmi in voce.programmi),
        )
    ]


def di_bilancio(missione: str, programmi: str = "") -> str:
    """The key of a missione, or of some of its programmi: words, as "01" may be taken for a number."""
    return f"Missione {missione}" + (f" programma {programmi}" if programmi else "")
