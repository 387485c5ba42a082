"""The one list of the kinds of findings; docs/rilievi.md explains each of them to the office.

What follows from what, what hides or stops what stands in the entries: a room that has to know it asks
here, and keeps no list of codes of its own.
"""

from dataclasses import dataclass
from typing import Literal

Gravita = Literal["blocca", "da correggere", "avviso"]
GRAVITA: tuple[Gravita, ...] = ("blocca", "da correggere", "avviso")
Ambito = Literal["file", "foglio", "riga", "cella"]
AMBITI: tuple[Ambito, ...] = ("file", "foglio", "riga", "cella")


@dataclass(frozen=True)
class Regola:
    """A kind of finding: how grave, what it is called, what it says, with what it goes together."""

    gravita: Gravita
    titolo: str
    messaggio: str
    rimedio: str
    esclude: Literal["", "cella", "foglio"] = ""
    """What stays out of the tables and is only quoted: its cell; or the cells of its sheet, all or the
    rest."""
    nasconde: Literal["", "foglio", "file"] = ""
    """Where whatever else the rules say only follows from it."""
    segue: tuple[str, ...] = ()
    """From which others it follows: beside one of them it is not said."""
    entro: Ambito = "file"
    """Where these are looked for: in the same file (for M07, in one of that name), sheet, row, cell."""
    al_responsabile: str = ""
    """What is said by mail to who has sent a workbook that it keeps out."""
    dell_ufficio: bool = False
    """It keeps a workbook out, and only the office can mend it."""
    della_posta: bool = False
    """It regards the messages, and is said also before they are prepared."""
    ferma_la_posta: bool = False
    lieve: bool = False
    """A hint, that alone is not worth anybody's time: nobody is written to for that."""
    nucleo: bool = False
    """A doubt on the grado of a scheda, named in its dati, that the Nucleo is to look at."""
    nostra: bool = False
    """A fault of the program: nothing hides it, and no responsabile is told."""
    ufficio: bool = False
    """It keeps nothing out, and only the office can mend it: no responsabile is told."""

    @property
    def solo_ufficio(self) -> bool:
        """Whether no responsabile is written to for it."""
        return self.ufficio or self.dell_ufficio or self.nostra


CATALOGO: dict[str, Regola] = {
    # the file
    "F01": Regola(
        "blocca",
        "non è un file Excel",
        "il file non è di Excel (.xlsx) o di LibreOffice (.ods): {dettaglio}.",
        "Farselo rimandare, salvato come «Cartella di lavoro Excel (.xlsx)».",
        al_responsabile="Salvarlo come «Cartella di lavoro Excel (.xlsx)» e rimandarlo.",
    ),
    "F02": Regola(
        "blocca",
        "protetto da password",
        "il file chiede una password per essere aperto.",
        "Togliere la password di apertura (File, Informazioni, Proteggi cartella) e salvare.",
        al_responsabile="Togliere la password di apertura (File, Informazioni, Proteggi cartella), "
        "salvarlo e rimandarlo.",
    ),
    "F03": Regola(
        "blocca",
        "danneggiato o ambiguo",
        "il file non si può leggere con sicurezza: {dettaglio}.",
        "Chiederne di nuovo l'invio; se si apre in Excel, salvarlo con un altro nome.",
        al_responsabile="Aprirlo in Excel, salvarlo con un altro nome e rimandarlo.",
    ),
    "F04": Regola(
        "blocca",
        "troppo grande",
        "il file supera i limiti di uno compilato a mano: {dettaglio}.",
        "Copiare i contenuti in un modello vuoto, senza immagini né fogli estranei.",
        al_responsabile="Copiare i contenuti nel modello vuoto, senza immagini né fogli estranei, e "
        "rimandarlo.",
    ),
    "F05": Regola(
        "blocca",
        "celle troppo lontane",
        "c'è del contenuto molto lontano dal modulo ({dettaglio}).",
        "Eliminare le righe e le colonne oltre il modulo (Ctrl+Fine le mostra) e salvare.",
        al_responsabile="Eliminare le righe e le colonne oltre il modulo (Ctrl+Fine le mostra) e "
        "rimandarlo.",
    ),
    "F06": Regola(
        "avviso",
        "file saltato",
        "il file non è stato letto: {dettaglio}.",
        "Se contiene i dati di un settore, aprirlo e salvarlo come .xlsx.",
        al_responsabile="Aprirlo, salvarlo come «Cartella di lavoro Excel (.xlsx)» e rimandarlo.",
    ),
    "F07": Regola(
        "avviso",
        "file temporaneo",
        "è il segnaposto di un file ancora aperto in Excel, Word o LibreOffice: non è stato letto.",
        "Salvare e chiudere il file, poi ripetere.",
        ufficio=True,
    ),
    "F08": Regola(
        "avviso",
        "file estraneo",
        "il file non è un foglio di calcolo: non è stato letto.",
        "Si può ignorare, oppure spostarlo in un'altra cartella.",
        ufficio=True,
    ),
    "F09": Regola(
        "blocca",
        "lettura interrotta",
        "la lettura di questo file si è interrotta, quella degli altri no: {dettaglio}.",
        "Farsi rimandare il file, oppure copiarne i contenuti in un modello vuoto (make modelli).",
        al_responsabile="Copiare i contenuti nel modello vuoto e rimandarlo.",
    ),
    "F10": Regola(
        "avviso",
        "macro non lette",
        "il file contiene macro: non sono state eseguite né lette, i dati delle celle sì.",
        "Se i valori ci sono tutti, nulla da fare; per non portarsele dietro, salvare come .xlsx.",
        lieve=True,
    ),
    "F11": Regola(
        "avviso",
        "collegamenti ad altri file",
        "il file è collegato ad altri file: valgono i valori salvati l'ultima volta.",
        "Controllare che siano aggiornati, oppure sostituire le formule con i loro valori.",
    ),
    "F12": Regola(
        "blocca",
        "nome del file illeggibile",
        "nel nome ci sono caratteri che non si possono scrivere (qui sono «?»): il file non si legge.",
        "Rinominarlo con lettere, cifre e trattini, e ripetere.",
        dell_ufficio=True,
    ),
    "F13": Regola(
        "da correggere",
        "carta intestata inutilizzabile",
        "la carta intestata non si può usare: {dettaglio}. La relazione esce con l'aspetto del "
        "programma.",
        "Salvarla di nuovo come «Documento di Word (.docx)», senza password, macro né collegamenti ad "
        "altri file; oppure toglierla dalla cartella.",
        ufficio=True,
    ),
    "F14": Regola(
        "avviso",
        "stili mancanti nella carta intestata",
        "nella carta intestata {mancano} su {totale} ({stili}): sono usati quelli del programma.",
        "Se l'aspetto va bene, nulla da fare; una carta con tutti gli stili si fa con make carta.",
        ufficio=True,
    ),
    "F15": Regola(
        "da correggere",
        "stemma inutilizzabile",
        "lo stemma non si può usare: {dettaglio}. La copertina esce senza.",
        "Salvarlo di nuovo come immagine PNG, sotto i 5 MB, con il nome stemma.png.",
        ufficio=True,
    ),
    "F16": Regola(
        "avviso",
        "carta intestata senza numero di pagina",
        "nella carta intestata non c'è il numero di pagina: chi cerca un capitolo dall'indice non lo "
        "trova.",
        "Inserirlo nell'intestazione o nel piè di pagina (Inserisci, Numero di pagina) e ripetere; se "
        "è giusto così, nulla da fare.",
        ufficio=True,
    ),
    "F17": Regola(
        "blocca",
        "da estrarre",
        "il file {dettaglio}: così com'è non si legge.",
        "{rimedio}",
        al_responsabile="Salvarlo come «Cartella di lavoro Excel (.xlsx)» e rimandarlo, senza firma né "
        "archivio.",
    ),
    "F18": Regola(
        "blocca",
        "non è un file che si possa aprire",
        "{dettaglio}.",
        "{rimedio}",
        dell_ufficio=True,
    ),
    "F19": Regola(
        "avviso",
        "carta intestata su un foglio che non è A4",
        "la carta intestata è su un foglio di {foglio}, e la relazione esce così: stampata in A4 può "
        "risultare tagliata o rimpicciolita.",
        "Impostare nella carta il formato A4, 21 × 29,7 cm (Layout, Dimensioni) e ripetere; se il "
        "foglio è quello voluto, nulla da fare.",
        ufficio=True,
    ),
    "F20": Regola(
        "avviso",
        "carta intestata con il testo che non va da sinistra a destra",
        "nella carta intestata il testo va da destra a sinistra o in verticale, e la relazione esce "
        "così.",
        "Togliere nella carta la direzione da destra a sinistra (Paragrafo, Direzione) o quella del "
        "testo (Layout, Orientamento testo) e ripetere.",
        ufficio=True,
    ),
    # the template
    "M01": Regola(
        "blocca",
        "modello non riconosciuto",
        "il file non è stato fatto con il modello: manca il suo contrassegno.",
        "Copiare i contenuti nel modello del settore (make modelli), oppure togliere il file dalla "
        "cartella.",
        al_responsabile="Riportare i contenuti nel modello ricevuto dall'ufficio e rimandarlo.",
    ),
    "M02": Regola(
        "blocca",
        "versione del modello",
        "il file è fatto con la versione {trovata} del modello «{modello}», e questo programma "
        "conosce i modelli fino alla versione {attesa}: il file non è stato letto.",
        "Aggiornare il programma e ripetere. I file delle versioni di prima si leggono sempre.",
        dell_ufficio=True,
    ),
    "M03": Regola(
        "blocca",
        "altro anno",
        "il file è dell'anno {trovato}, la relazione è dell'anno {atteso}.",
        "Mettere al suo posto il file del {atteso}. Se vi è scritto il lavoro del {atteso}, non va "
        "rifatto: make modelli CARTELLA=nuova RISCRIVI=… lo porta in file di quell'anno.",
        al_responsabile="Mandare il file dell'anno giusto; se il lavoro di quest'anno è scritto in "
        "questo, basta dirlo all'ufficio: non va rifatto.",
    ),
    "M04": Regola(
        "blocca",
        "altro ente",
        "il file è di «{trovato}», la relazione è di «{atteso}».",
        "Controllare la denominazione nel foglio Ente di ente.xlsx; se è giusta, usare il file "
        "preparato per questo ente.",
        dell_ufficio=True,
    ),
    "M05": Regola(
        "blocca",
        "settore fuori elenco",
        "il settore «{trovato}» non è nel foglio Settori di ente.xlsx{forse}.",
        "{aiuto}",
        dell_ufficio=True,
    ),
    "M06": Regola(
        "blocca",
        "file doppio",
        "{che_cosa} anche in {altro}: finché c'è più di un file non se ne legge nessuno.",
        "Tenere nella cartella quello buono soltanto.",
        dell_ufficio=True,
    ),
    "M07": Regola(
        "blocca",
        "file mancante",
        "manca il file del settore «{settore}».",
        "{aiuto}",
        segue=(
            *("F01", "F02", "F03", "F04", "F05", "F09", "F12", "F18"),
            *("M01", "M02", "M03", "M04", "M12"),
        ),
        ufficio=True,
    ),
    "M08": Regola(
        "blocca",
        "foglio mancante",
        "manca il foglio «{atteso}».",
        "Ripristinare il foglio o copiare i contenuti in un modello nuovo.",
        esclude="foglio",
        nasconde="foglio",
    ),
    "M09": Regola(
        "blocca",
        "intestazione mancante",
        "nel foglio non si trova l'intestazione «{atteso}»: il foglio non è stato letto (celle "
        "piene: {quante}).",
        "{rimedio}",
        esclude="foglio",
        nasconde="foglio",
    ),
    "M10": Regola(
        "da correggere",
        "contenuto fuori dal modulo",
        "c'è scritto «{valore}» in un punto che il modulo non prevede.",
        "Spostarlo nella casella giusta (o nello stato di attuazione) oppure cancellarlo.",
        esclude="cella",
    ),
    "M11": Regola(
        "da correggere",
        "foglio non previsto",
        "il foglio non fa parte del modello e non è stato letto (celle piene: {quante}).",
        "{forse}Se è un foglio del modello rinominato, ridargli il suo nome; altrimenti riportarne i "
        "contenuti nei fogli del modello, poi eliminarlo.",
        esclude="foglio",
    ),
    "M12": Regola(
        "blocca",
        "modello diverso dall'elenco",
        "il file è fatto con il modello «{trovato}», nell'elenco dei settori c'è «{atteso}».",
        "Correggere il modello nel foglio Settori di ente.xlsx, oppure usare il file giusto.",
        dell_ufficio=True,
    ),
    "M13": Regola(
        "da correggere",
        "molto contenuto fuori dal modulo",
        "fuori dal modulo ci sono {quante} celle piene, da {prima} a {ultima}: non sono state lette.",
        "Spostare nelle caselle ciò che serve e cancellare il resto.",
        esclude="foglio",
    ),
    "M14": Regola(
        "avviso",
        "contenuto che non si legge",
        "oltre alle celle il foglio contiene: {che}. Non si legge e non entra nella relazione.",
        "Se dice qualcosa che serve, scriverlo nelle caselle del modulo; altrimenti nulla da fare.",
        segue=("M11",),
        entro="foglio",
    ),
    "M15": Regola(
        "avviso",
        "contenuto nascosto",
        "{che}, ma ciò che c'è scritto si legge come il resto ed entra nella relazione.",
        "Se deve uscire, nulla da fare (meglio mostrarlo: tasto destro, Scopri); altrimenti "
        "cancellarlo: nasconderlo non basta.",
    ),
    "M16": Regola(
        "da correggere",
        "manca la riga di una missione",
        "manca la riga MISSIONE {missione}: in {celle} il codice è di questa missione, ma sopra "
        "{sopra}. Nella relazione vale il codice.",
        "{aiuto}. Se invece è sbagliato il codice del programma, correggere quello.",
    ),
    "M17": Regola(
        "avviso",
        "colonna non prevista",
        "il modulo non ha la colonna {colonne}: non si legge e non entra nella relazione.",
        "Se dice qualcosa che serve, scriverlo nelle caselle del modulo; altrimenti nulla da fare.",
    ),
    "M18": Regola(
        "avviso",
        "colonne spostate",
        "queste colonne non sono nell'ordine del modulo: {colonne}. Si leggono dove sono, ciascuna "
        "secondo la sua intestazione.",
        "Controllare che sotto ogni intestazione ci siano i suoi dati; se è così, nulla da fare.",
    ),
    "M19": Regola(
        "avviso",
        "scheda in un foglio copiato",
        "{che}.",
        "{rimedio}",
    ),
    "M20": Regola(
        "blocca",
        "foglio del modulo lasciato fuori",
        "il foglio {che}. Non è stato letto (celle piene: {quante}).",
        "{rimedio}",
        esclude="foglio",
    ),
    "M21": Regola(
        "avviso",
        "caselle bloccate da un incolla",
        "queste caselle sono bloccate, come succede quando vi si incolla con Ctrl+V: {celle}. Si "
        "leggono, ma non vi si può più scrivere.",
        "{copia}In questo file si toglie prima la protezione, che non ha password: in Excel Revisione > "
        "Rimuovi protezione foglio, in LibreOffice Strumenti > Proteggi foglio. La prossima volta "
        "incollare solo il testo: in Excel Incolla speciale > Testo, in LibreOffice Ctrl+Alt+Maiusc+V.",
        lieve=True,
    ),
    # the cell
    "C01": Regola(
        "blocca",
        "non è un numero",
        "{campo}: c'è scritto «{valore}», serve un numero.",
        "Scrivere solo la cifra, con la virgola per i decimali (98 oppure 98,5); se il dato manca, "
        "lasciare vuoto.",
        esclude="cella",
    ),
    "C02": Regola(
        "blocca",
        "numero fuori dai limiti",
        "{campo}: c'è scritto {valore}, serve un numero {limiti}.",
        "Scrivere un numero {limiti}.",
        esclude="cella",
    ),
    "C03": Regola(
        "blocca",
        "valore fuori elenco",
        "{campo}: «{valore}» non è fra i valori ammessi.",
        "{forse}Scegliere dall'elenco: {ammessi}.",
        esclude="cella",
    ),
    "C04": Regola(
        "da correggere",
        "casella obbligatoria vuota",
        "{campo}: la casella è vuota.",
        "{aiuto}",
    ),
    "C05": Regola(
        "avviso",
        "caratteri invisibili",
        "il testo contiene caratteri di controllo invisibili: sono stati tolti.",
        "Nulla da fare; se il testo appare diverso, riscriverlo a mano.",
        lieve=True,
    ),
    "C06": Regola(
        "blocca",
        "cella in errore",
        "la cella mostra l'errore {valore}.",
        "Sostituire la formula con il valore.",
        esclude="cella",
    ),
    "C07": Regola(
        "blocca",
        "formula mai calcolata",
        "la cella contiene una formula senza risultato.",
        "Aprire il file con Excel o LibreOffice e salvarlo, oppure scrivere il valore.",
        esclude="cella",
    ),
    "C08": Regola(
        "da correggere",
        "più di una casella segnata",
        "sono segnate più caselle di valutazione: ne serve una sola.",
        "Lasciare la X in una sola delle tre caselle.",
        esclude="cella",
    ),
    "C09": Regola(
        "da correggere",
        "segno non riconosciuto",
        "nella casella c'è «{valore}», serve una X.",
        "Scrivere X per segnare la casella, oppure svuotarla.",
        esclude="cella",
    ),
    "C10": Regola(
        "blocca",
        "testo troppo lungo",
        "{campo}: il testo ha {quanti} caratteri, in una cella di Excel ne entrano 32.767.",
        "Dividerlo in più righe.",
        esclude="cella",
    ),
    "C11": Regola(
        "da correggere",
        "grado fra 0 e 1",
        "{campo}: c'è scritto {valore}, cioè non più dell'1 per cento.",
        "Se voleva dire {forse} %, scrivere {forse}; se è davvero {valore}, nulla da fare.",
    ),
    "C12": Regola(
        "avviso",
        "testo forse tagliato",
        "{campo}: il testo riempie la cella fino all'ultimo carattere: può essere stato tagliato.",
        "Controllare come finisce; se manca qualcosa, dividerlo in più righe.",
    ),
    "C13": Regola(
        "avviso",
        "numero o data al posto di un testo",
        "{campo}: la cella contiene {che} («{valore}»), non un testo.",
        "Se è giusto, nulla da fare; se era altro (per esempio 10/12), riscriverlo con un apostrofo "
        "davanti.",
    ),
    "C14": Regola(
        "blocca",
        "apice, pedice o testo barrato in un valore",
        "{campo}: c'è scritto {valore}; letto senza quel segno sarebbe un altro valore.",
        "Riscrivere il valore senza apici, pedici né testo barrato; una nota va nelle note o nello "
        "stato di attuazione.",
        esclude="cella",
    ),
    "C15": Regola(
        "blocca",
        "contenuto incerto",
        "{campo}: nella cella c'è «{valore}», ma da come è salvata non si capisce che cosa sia.",
        "Riscrivere il valore nella cella e salvare il file con Excel o LibreOffice.",
        esclude="cella",
    ),
    "C16": Regola(
        "blocca",
        "valore e aspetto discordi",
        "{campo}: la cella contiene «{valore}» ma mostra {mostra}: non si sa quale dei due vale.",
        "Dare alla cella il formato Testo e riscrivere ciò che si vuole dire.",
        esclude="cella",
    ),
    "C17": Regola(
        "da correggere",
        "forse una data",
        "{campo}: la cella contiene {valore}, che forse è «{forse}».",
        "Se è «{forse}», scriverlo così, con un apostrofo davanti; se è davvero {valore}, riscrivere "
        "questo, con un apostrofo davanti.",
    ),
    "C18": Regola(
        "avviso",
        "lettere guaste",
        "{campo}: il testo è passato da un programma che ne ha guastato le lettere: {valore}.",
        "Riscrivere le parole guaste; se il testo è incollato, incollarlo di nuovo dall'originale.",
    ),
    "C20": Regola(
        "avviso",
        "testo barrato, o cifra in apice",
        "{campo}: c'è scritto {valore}, ma nella relazione il testo è stampato tutto allo stesso modo.",
        "Cancellare il testo barrato che non vale più, e togliere il barrato da quello che vale; una "
        "cifra in apice, scriverla fra parentesi.",
    ),
    "P01": Regola(
        "blocca",
        "riconciliazione",
        "{compilate} celle compilate, ma {tabelle} nelle tabelle e {rilievi} nei rilievi: qualcosa è "
        "andato perso.",
        "È un difetto del programma: segnalarlo, allegando il file.",
        nostra=True,
    ),
    # the valutazione
    "V01": Regola(
        "blocca",
        "pesi incompleti",
        "voci valutate senza peso: {quanti} su {totale}. La media del settore non si può calcolare.",
        "Dare un peso a tutte le voci valutate{oppure}.",
    ),
    "V02": Regola(
        "blocca",
        "pesi nulli",
        "la somma dei pesi delle voci valutate è 0: la media del settore non si può calcolare.",
        "Correggere i pesi: almeno una voce valutata deve averne uno maggiore di 0.",
    ),
    "V03": Regola(
        "blocca",
        "voce valutata senza grado",
        "la voce «{voce}» è valutata, ma {manca}.",
        "Scrivere il grado dichiarato (da 0 a 100), oppure cambiare lo stato della voce.",
        segue=("V05",),  # its grado may be that of the scheda it means
        entro="riga",
    ),
    "V04": Regola(
        "blocca",
        "voce senza stato",
        "la voce «{voce}» non ha uno stato: non si sa se entra nella media.",
        "Se è valutata, scegliere «valutato» e scrivere il grado; altrimenti scegliere dall'elenco: "
        "{ammessi}.",
    ),
    "V05": Regola(
        "blocca",  # what it says may be all there is of V03 and of V37
        "scheda inesistente",
        "la voce «{voce}» rimanda a «{valore}»: {perche}.",
        "Scrivere i numeri delle schede separati da virgola (8, 9); T1 per la trasversale 1.",
    ),
    "V06": Regola(
        "avviso",
        "scheda in nessuna voce",
        "la scheda «{scheda}» non è in nessuna voce della Valutazione: sta nella relazione, non "
        "nella media.",
        "Se deve contare, aggiungerne il numero nella colonna Schede di una voce.",
        segue=("V05",),  # a scheda in no voce may be the one that a wrong reference means
    ),
    "V07": Regola(
        "da correggere",
        "scheda in più voci",
        "la scheda {scheda} è in più voci ({voci}).",
        "Lasciare il numero della scheda in una sola voce.",
    ),
    "V08": Regola(
        "da correggere",
        "esclusione senza motivo",
        "la voce «{voce}» ha lo stato «{stato}» ma nessuna nota che lo spieghi.",
        "Scrivere il motivo nella colonna delle note.",
    ),
    "V09": Regola(
        "avviso",
        "grado di una voce non valutata",
        "la voce «{voce}» ha lo stato «{stato}» e un grado: il grado scritto non entra nella media.",
        "Togliere il grado, oppure mettere lo stato «valutato».",
    ),
    "V10": Regola(
        "avviso",
        "obiettivo senza definizione",
        "l'obiettivo {n} della scheda ha fasi ma non una definizione.",
        "Scrivere la definizione nella prima riga dell'obiettivo.",
    ),
    "V11": Regola(
        "avviso",
        "pesi su scale diverse",
        "nel settore «{settore}» le voci {hanno} un peso ({celle}), {altri}: la media degli obiettivi "
        "distinti li mescola.",
        "Dare i pesi a tutti i settori o a nessuno.",
        segue=("V01",),  # once it is mended they may be gone
        ufficio=True,
    ),
    "V12": Regola(
        "avviso",
        "settore senza voci valutate",
        "nessuna voce del settore «{settore}» è valutata: il settore non ha percentuale.",
        "Se è voluto, nulla da fare: la relazione lo dice.",
    ),
    "V13": Regola(
        "blocca",
        "settore senza voci",
        "per il settore «{settore}» non c'è nessuna voce da valutare.",
        "Compilare almeno una riga con l'obiettivo, lo stato e il grado.",
    ),
    "V14": Regola(
        "da correggere",
        "pesi degli indicatori incompleti",
        "solo alcuni indicatori della scheda hanno un peso: il grado misurato non si può calcolare.",
        "Dare un peso a tutti gli indicatori della scheda, oppure toglierlo a tutti.",
    ),
    "V15": Regola(
        "avviso",
        "schede in meno",
        "schede del settore nell'elenco: {attese}; compilate nel file: {trovate}.",
        "Controllare che nessun foglio Scheda sia stato cancellato, o correggere il numero nell'elenco.",
    ),
    "V16": Regola(
        "da correggere",
        "percentuale solo nel testo",
        "la voce «{voce}» non ha una percentuale, ma lo stato di attuazione dice «{testo}»: resta fuori "
        "dalla media.",
        "Se è giusto, scrivere {proposto} come percentuale e scegliere lo stato «valutato».",
    ),
    "V17": Regola(
        "da correggere",
        "stato solo nel testo",
        "la voce «{voce}» non ha uno stato, ma lo stato di attuazione dice «{testo}»: resta fuori dalla "
        "media.",
        "Se è giusto, scegliere lo stato «{proposto}» e scrivere il motivo nelle note.",
    ),
    "V18": Regola(
        "avviso",
        "anno non segnato",
        "l'obiettivo «{obiettivo}» ha una percentuale, ma non è segnato come previsto per l'anno "
        "rendicontato.",
        "Mettere la X nella colonna dell'anno; se non era previsto, togliere la percentuale e scegliere "
        "lo stato.",
    ),
    "V19": Regola(
        "avviso",
        "pesi che non fanno 100",
        "i pesi {di} sommano a {somma}, non a 100.",
        "Se dovevano fare 100, correggerli; altrimenti nulla da fare.",
    ),
    "V20": Regola(
        "da correggere",
        "percentuale senza casella",
        "la scheda ha una percentuale ({grado}) ma nessuna casella di valutazione segnata.",
        "Segnare con una X la casella che vale.",
        segue=("C06", "C07", "C08", "C09", "C16"),  # a box not read is not a box left empty
        entro="riga",
    ),
    "V21": Regola(
        "avviso",
        "valutata senza indicatori",
        "«{scheda}» ha una valutazione, ma nessun indicatore.",
        "Aggiungere almeno un indicatore; se è giusto così, nulla da fare.",
    ),
    "V22": Regola(
        "avviso",
        "100 per cento, ma non in linea",
        "la percentuale è 100, ma la casella segnata dice «{casella}».",
        "Correggere la casella o la percentuale.",
        nucleo=True,
    ),
    "V23": Regola(
        "avviso",
        "testo e percentuale discordi",
        "la percentuale è {grado}, ma {chi} dice «{testo}».",
        "Correggere la percentuale o il testo; se è giusto così, nulla da fare.",
        nucleo=True,
    ),
    "V24": Regola(
        "avviso",
        "obiettivo doppio",
        "«{scheda}» è uguale a quello nella {altra}.{anche}",
        "Se è scritto due volte, cancellarne uno; altrimenti distinguerne i nomi.",
    ),
    "V25": Regola(
        "avviso",
        "stato di attuazione mai scritto",
        "nello stato di attuazione c'è solo il testo del modulo, «{testo}»: nessuno ci ha "
        "scritto.{anche}",
        "Scrivere al suo posto che cosa è stato fatto.",
    ),
    "V26": Regola(
        "avviso",
        "grado senza riscontro",
        "«{scheda}» ha un grado, suo o di una voce che la comprende, ma nessun indicatore ha il "
        "raggiunto{anche}.",
        "{rimedio}",
        nucleo=True,
        # what could not be read, or stands in the wrong place, may be what shows the grado
        segue=("M10", "C06", "C07", "C10", "C16"),
        entro="foglio",
    ),
    "V27": Regola(
        "avviso",
        "peso di un prerequisito",
        "come peso c'è scritto «{valore}»: la voce ha lo stato «{stato}», è fuori dalla media e non "
        "ne ha bisogno.",
        "Se è un prerequisito, nulla da fare; altrimenti scrivere il peso.",
        esclude="cella",
    ),
    "V28": Regola(
        "blocca",
        "prerequisito nella media",
        "come peso c'è scritto «{valore}», come per un prerequisito o per ciò che non pesa, ma lo stato "
        "non esclude la voce: non si sa quanto conta nella media.",
        "Se è un prerequisito, svuotare il peso e scegliere lo stato «non valutabile», con il motivo "
        "nelle note; se conta, scriverne il peso.",
        esclude="cella",
    ),
    "V29": Regola(
        "da correggere",
        "pesi che non fanno la somma voluta",
        "{pesi}, mentre l'ente vuole che facciano {attesa}.",
        "Correggere i pesi; se possono avere qualunque somma, dirlo all'ufficio, che l'ha scritto fra i "
        "parametri dell'ente («Somma dei pesi delle voci»).",
    ),
    "V30": Regola(
        "avviso",
        "dichiarato e misurato lontani",
        "«{scheda}»: il grado dichiarato è {dichiarato}, dagli indicatori risulta {misurato} "
        "({quanti}){bassi}.",
        "Correggere il grado, il valore atteso o il raggiunto; se sono giusti, spiegarlo nello stato di "
        "attuazione: resta da guardare finché il Nucleo non scrive il suo grado.",
        nucleo=True,
    ),
    "V31": Regola(
        "blocca",
        "file da compilare",
        "il file è ancora da compilare: non c'è nessun risultato (raggiunto, stato di attuazione, "
        "stato o grado).",
        "Compilare le caselle gialle; se era già compilato, mandare quello al posto di questo.",
        nasconde="file",
    ),
    "V32": Regola(
        "avviso",
        "il foglio dice un'altra percentuale",
        "la percentuale complessiva del foglio è {scritta}; dalle stesse caselle il programma calcola "
        "{calcolata}, che è quella che vale{perche}.",
        "{rimedio}",
        # a formula sees what the program could not read, or reads it otherwise
        segue=(
            *("C01", "C02", "C03", "C06", "C07", "C14", "C15", "C16"),
            *("M09", "M10", "M11", "M13", "V05", "V28"),
        ),
    ),
    "V33": Regola(
        "avviso",
        "testo diviso in più caselle",
        "il testo «{testo}» sembra continuare nella casella sotto, «{seguito}» ({celle}): nella "
        "relazione sono più stati di attuazione.",
        "Se è un testo solo, metterlo tutto nella prima casella (doppio clic nella casella, poi "
        "incollare) e svuotare le altre; se sono cose diverse, nulla da fare.",
    ),
    "V34": Regola(
        "avviso",
        "indicatori e valori non allineati",
        "gli indicatori di output sono scritti su {indicatori}, {altri} su {righe}: non si sa quale "
        "valore è di quale indicatore, e nessuno si misura.",
        "Scrivere un indicatore per riga e accanto, nello stesso ordine, il suo valore atteso e il suo "
        "raggiunto; dove un dato manca, n.d. Un indicatore solo sta su una riga, e così i suoi valori, "
        "uniti con «+».",
    ),
    "V36": Regola(
        "avviso",
        "indicatore che non si misura",
        "l'indicatore non si misura: {motivo}.",
        "{rimedio}",
    ),
    "V37": Regola(
        "blocca",
        "scheda con un grado in nessuna voce",
        "la scheda {n}, «{scheda}», {che}, ma non è in nessuna voce della Valutazione: resta "
        "fuori dalla media.",
        "Scrivere {n} nella colonna Schede della sua voce, o in una riga nuova; se non deve contare, "
        "dare alla riga lo stato «non valutabile», con il motivo nelle note.",
        segue=("V05",),  # as V06
    ),
    "V38": Regola(
        "da correggere",
        "gradi diversi del Nucleo",
        "{obiettivo} «{voce}» è comune a più settori, e il Nucleo gli dà gradi diversi: qui {grado}, "
        "{altri}.",
        "Scrivere lo stesso grado in tutti i settori, oppure una volta sola nel file del Nucleo.",
        ufficio=True,
    ),
    "V39": Regola(
        "blocca",
        "giudizio senza obiettivo",
        "il Nucleo ha scritto dell'obiettivo {obiettivo} «{voce}», che nei file dei settori non "
        "c'è: ciò che ha scritto non entra da nessuna parte.",
        "Rifare il file del Nucleo con make nucleo e scriverlo accanto all'obiettivo giusto; se "
        "l'obiettivo non c'è più davvero, svuotare le caselle verdi di questa riga.",
        ufficio=True,
    ),
    "V40": Regola(
        "avviso",
        "dichiarato cambiato dopo il Nucleo",
        "«{voce}»: quando il Nucleo ne ha scritto il grado dichiarato era {allora}, adesso è {adesso}.",
        "Mandare al Nucleo il file rifatto con make nucleo, perché confermi o cambi ciò che ha scritto.",
        nucleo=True,
        ufficio=True,
    ),
    "V41": Regola(
        "avviso",
        "due gradi del Nucleo",
        "«{voce}»: qui il grado del Nucleo è {grado}, nel suo file {dove} è {altro}, che prevale.",
        "Lasciare un grado solo: quello giusto nel file del Nucleo, o la casella vuota qui.",
        nucleo=True,
        ufficio=True,
    ),
    "V42": Regola(
        "avviso",
        "scostamento senza motivo",
        "il raggiunto è sotto l'atteso e non è scritto perché: {valori}.",
        "Scrivere qui il motivo, in una frase: va nella relazione accanto al valore. Se è lo stesso per "
        "tutto l'obiettivo, basta scriverlo nella nota del responsabile della sua voce.",
    ),
    "V43": Regola(
        "avviso",
        "voce con il titolo di un'altra scheda",
        "«{voce}» è il titolo della scheda {altra}, ma nella colonna Schede c'è «{scritte}».",
        "Se è quella, scrivere {altra} nella colonna Schede; se è giusto così, nulla da fare.",
    ),
    # the people
    "N01": Regola(
        "avviso",
        "nomi quasi uguali",
        "«{nome}» somiglia a «{altro}» (cella {dove}): forse è la stessa persona.",
        "Se lo è, scrivere il nome sempre allo stesso modo; se sono due persone, nulla da fare.",
        lieve=True,
    ),
    "N02": Regola(
        "avviso",
        "forse più persone",
        "«{nome}» conta come una persona sola: forse manca una virgola.",
        "Se sono due o più, separarle con una virgola; altrimenti nulla da fare.",
    ),
    "N03": Regola(
        "avviso",
        "nome incompleto",
        "«{nome}» non sembra un nome e cognome.",
        "Scrivere nome e cognome per intero, senza altro; se è giusto così, nulla da fare.",
    ),
    "N04": Regola(
        "avviso",
        "uffici quasi uguali",
        "«{nome}» somiglia a «{altro}» ({dove}): forse è lo stesso ufficio.",
        "Se lo è, scriverlo sempre allo stesso modo; altrimenti nulla da fare.",
        lieve=True,
    ),
    # the indicators
    "I01": Regola(
        "avviso",
        "lettura dubbia",
        "{campo}: {lettura}. Si poteva leggere anche in un altro modo.",
        "Se la lettura è giusta, nulla da fare; altrimenti {rimedio}.",
    ),
    "I02": Regola(
        "da correggere",
        "data di un anno prima",
        "valore atteso «{atteso}»{e_raggiunto}: c'è una data di prima del {anno}, l'anno rendicontato, "
        "e l'indicatore non si misura.",
        "Correggere l'anno; se la data è proprio quella, aggiungere «(confermata)» al valore atteso.",
    ),
    "I03": Regola(
        "da correggere",
        "raggiunto negativo",
        "il raggiunto «{raggiunto}» è negativo e il valore atteso «{atteso}» no: l'indicatore non si "
        "misura.",
        "Scrivere il risultato; se il numero voleva dire che il dato non c'è, svuotare la cella.",
    ),
    "I04": Regola(
        "da correggere",
        "punto o virgola che si leggono in due modi",
        "accanto al valore atteso «{atteso}», il raggiunto «{raggiunto}» si può leggere in due modi (il "
        "segno tra le cifre può separare le migliaia o i decimali): l'indicatore non si misura.",
        "Scrivere i decimali con la virgola e senza zeri finali (87,5), le migliaia senza punto "
        "(87500).",
    ),
    # the budget
    "B01": Regola(
        "da correggere",
        "missione sconosciuta",
        "«{valore}» non è il codice di una missione di bilancio.",
        "{forse}Scrivere il codice della missione: da 01 a 20, 50, 60 o 99.",
    ),
    "B02": Regola(
        "avviso",
        "programma sconosciuto",
        "«{valore}» non è un programma della missione {missione} secondo la nomenclatura.",
        "Controllare il codice; se è giusto, nulla da fare.",
    ),
    "B03": Regola(
        "da correggere",
        "codice e nome discordi",
        "il codice {codice} è «{ufficiale}», ma c'è scritto «{valore}», che è il nome di {giusto}.",
        "Correggere il codice o il nome.",
        segue=("M16",),  # the code of another missione has also the name of another
        entro="riga",
    ),
    "B04": Regola(
        "avviso",
        "nome diverso dalla nomenclatura",
        "il codice {codice} è «{ufficiale}», ma c'è scritto «{valore}».",
        "Controllare che il codice sia quello giusto.",
        segue=("M16",),
        entro="riga",
    ),
    "B05": Regola(
        "da correggere",
        "programma non leggibile",
        "«{valore}» non è il codice di un programma.",
        "Scrivere il codice, per esempio 01.02.",
    ),
    "B06": Regola(
        "da correggere",
        "programma di altri anni",
        "il programma {codice} «{nome}» {quando}: nella nomenclatura del {anno} non esiste.",
        "Scrivere il programma {aiuto}.",
    ),
    # ente.xlsx
    "E01": Regola(
        "blocca",
        "manca ente.xlsx",
        "nella cartella «{cartella}» non c'è ente.xlsx, che dice quali settori attendere.",
        "Crearlo con make modelli, compilarlo e ripetere.",
        ufficio=True,
    ),
    "E02": Regola(
        "blocca",
        "parametro non valido",
        "{campo}: «{valore}» non si può usare.",
        "{aiuto}",
        ufficio=True,
    ),
    "E03": Regola(
        "blocca",
        "settore ripetuto in elenco",
        "il codice «{settore}» compare più volte nell'elenco dei settori: vale la prima riga.",
        "Dare a ogni settore un codice diverso.",
        ufficio=True,
    ),
    "E04": Regola(
        "blocca",
        "dato dell'ente mancante",
        "{campo}: senza questo dato non si può fare la relazione.",
        "Compilare la casella. {aiuto}",
        ufficio=True,
    ),
    "E05": Regola(
        "avviso",
        "pesi dei settori incompleti",
        "solo alcuni settori hanno un peso: per la media d'ente pesano tutti allo stesso modo.",
        "Dare un peso a tutti i settori dell'elenco, o a nessuno.",
        ufficio=True,
    ),
    "E06": Regola(
        "blocca",
        "elenco dei settori vuoto",
        "il foglio Settori non elenca nessun settore: non si sa quali file attendere.",
        "Scrivere una riga per settore: codice, denominazione, modello.",
        ufficio=True,
    ),
    "E07": Regola(
        "blocca",
        "ente.xlsx ha un altro nome",
        "il file dell'ente c'è, ma deve chiamarsi ente.xlsx.",
        "Rinominarlo ente.xlsx e ripetere.",
        ufficio=True,
    ),
    "E08": Regola(
        "da correggere",
        "indirizzo e-mail non valido",
        "«{valore}» non è un indirizzo e-mail completo.",
        "Scrivere solo l'indirizzo (nome@comune.it), senza nome né spazi; più indirizzi si separano con "
        "punto e virgola.",
        della_posta=True,
        ufficio=True,
    ),
    "E09": Regola(
        "da correggere",
        "segnaposto sconosciuto",
        "{campo}: {valore} non è un segnaposto di questa casella. Finché non si corregge vale il testo "
        "pronto del programma, e non si manda niente.",
        "Fra parentesi graffe possono stare solo: {ammessi}.",
        della_posta=True,
        ferma_la_posta=True,
        ufficio=True,
    ),
    "E10": Regola(
        "avviso",
        "messaggio vuoto",
        "{campo}: la casella è vuota, vale il testo pronto del programma.",
        "Se va bene così, nulla da fare; altrimenti scrivere il testo.",
        segue=("C06", "C07", "C08", "C09", "C16"),  # a box not read is not a box left empty
        entro="cella",
        della_posta=True,
        ufficio=True,
    ),
    "E11": Regola(
        "avviso",
        "indirizzo e-mail mancante",
        "{chi}: c'è un messaggio da mandare, ma non l'indirizzo.",
        "Scrivere l'indirizzo e ripetere, oppure completare la bozza a mano.",
        della_posta=True,
        ufficio=True,
    ),
    "E12": Regola(
        "avviso",
        "relazione oltre il 30 giugno",
        "la data della relazione è {data}: il termine per adottarla era il 30 giugno {anno}.",
        "Se la data è giusta, nulla da fare.",
        ufficio=True,
    ),
    "E13": Regola(
        "avviso",
        "riga di Accettati che non vale",
        "{quale}: {perche}.",
        "{aiuto}",
        ufficio=True,
    ),
    "E14": Regola(
        "avviso",
        "persona o ufficio",
        "non si sa se è una persona o un ufficio: {nomi}. Nell'edizione da pubblicare le persone si "
        "tolgono, gli uffici restano.",
        "Di una persona scrivere nome e cognome, o «dott.» o «sig.ra» davanti; di un ufficio che cos'è "
        "(«Ufficio …»). Tutti i nomi sono nel foglio «Persone e uffici» dei controlli.",
        lieve=True,
    ),
    "E15": Regola(
        "avviso",
        "testo dell'anno prima",
        "il testo {perche}.",
        "Rileggerlo e aggiornarlo, date e atti compresi; se vale anche quest'anno, nulla da fare.",
        ufficio=True,
    ),
    "E16": Regola(
        "da correggere",
        "manca la scadenza delle consegne",
        "{campo}: la casella è vuota o non è una data, e il messaggio «{messaggio}» dice entro quando "
        "consegnare: non è stato preparato.",
        "{aiuto}",
        ufficio=True,
    ),
    "E17": Regola(
        "da correggere",
        "si possono accettare solo gli avvisi",
        "{quale}: {codice} non è un avviso ma «{gravita}», e resta com'è.",
        "Togliere questa riga dal foglio Accettati, e correggere ciò che il rilievo dice.",
        ufficio=True,
    ),
    "E18": Regola(
        "avviso",
        "responsabile diverso da quello del file",
        "il responsabile di «{settore}» qui è «{valore}», ma nel suo file ({dove}) è «{altro}».",
        "Scrivere lo stesso nome qui e nel file. Nella relazione va quello del file; i "
        "messaggi vanno a quello scritto qui, con il suo indirizzo.",
    ),
    "E19": Regola(
        "da correggere",
        "importo non leggibile",
        "{campo}: «{valore}» {perche}. L'importo resta fuori, e i totali che lo comprendono non si "
        "calcolano.",
        "Scrivere gli euro come 1.234.567,89 oppure 1234567,89, senza segno; se l'importo non si sa, "
        "lasciare vuoto: vuoto non vale zero.",
        esclude="cella",
        ufficio=True,
    ),
    "E20": Regola(
        "da correggere",
        "risorse di un programma che non si trova",
        "{perche}: {effetto}.",
        "{aiuto}",
        ufficio=True,
    ),
    "E21": Regola(
        "avviso",
        "importi in ordine inverso",
        "{nome}: {di_piu}, più di {di_meno}.",
        "Controllare i due importi: anche il pagato è della sola competenza, senza i residui. Se sono "
        "quelli del rendiconto, nulla da fare.",
        ufficio=True,
    ),
    "E22": Regola(
        "da correggere",
        "programma ripetuto nelle risorse",
        "il programma {nome} è già nella riga {prima}: gli importi si sommano.",
        "Se la riga è incollata due volte, toglierne una; se sono due parti dello stesso programma, "
        "scrivere una riga sola con la somma.",
        ufficio=True,
    ),
    "E23": Regola(
        "da correggere",
        "traccia di un atto inutilizzabile",
        "la traccia non si può usare: {dettaglio}. L'atto esce con il testo del programma.",
        "Salvarla di nuovo come «Documento di Word (.docx)», senza password, macro né collegamenti ad "
        "altri file; oppure toglierla dalla cartella.",
        ufficio=True,
    ),
    "E24": Regola(
        "da correggere",
        "campo sconosciuto nella traccia di un atto",
        "fra parentesi graffe c'è {campi}, che non è un campo di questo atto. Finché non si corregge, "
        "l'atto esce con il testo del programma.",
        "Correggere il nome del campo: {ammessi}.",
        ufficio=True,
    ),
    "E25": Regola(
        "avviso",
        "parti di una traccia che non passano nell'atto",
        "nel testo della traccia ci sono {persi}, che nell'atto non passano.",
        "Un'immagine (lo stemma) si mette nell'intestazione di pagina; il resto si scrive nel testo. Se "
        "l'atto va bene così, nulla da fare.",
        ufficio=True,
    ),
    "E26": Regola(
        "da correggere",
        "premi di troppo poche persone",
        "{quale}: {quante}. Da un premio di meno di cinque persone si può risalire a quello di una: la "
        "tabella dei premi non si pubblica.",
        "Unire la riga a un'altra fascia o a un altro gruppo, fino ad almeno cinque persone.",
        ufficio=True,
    ),
    "E27": Regola(
        "da correggere",
        "premi che non tornano",
        "{quale}: {perche}. La tabella dei premi non si pubblica.",
        "{aiuto}",
        ufficio=True,
    ),
    "E28": Regola(
        "blocca",
        "un altro ente.xlsx",
        "ha i dati dell'ente, ma quelli che si leggono sono in ente.xlsx.",
        "Tenere nella cartella quello buono soltanto, con il nome ente.xlsx.",
        ufficio=True,
    ),
}
