"""Word lists of the recognition rules: closed classes of English newspaper prose, folded to lower case."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS: Final = _words(
    "the a an i he she it we they you his her its our their my your in on at of for to by with from into over under after before since"
    " during until while when where what which who whom whose why how if as but and or nor so yet because although though however"
    " then there here this that these those not no yes is are was were be been has have had do does did can could will would shall should"
    " must might some any each every both all many more such other another one two three also just even only still now today"
)
"""Articles, pronouns, prepositions, conjunctions and the like: with a capital at a sentence's start, never a name by themselves."""

MONTHS: Final = _words(
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec"
)
DAYS: Final = _words("monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun")

TITLES: Final = _words(
    "mr mrs ms dr prof president vice-president minister premier chancellor senator sen gov governor rep congressman congresswoman"
    " general gen captain capt lieutenant lt sergeant sgt colonel col major maj brigadier brig admiral commander professor judge justice king queen prince princess"
    " sir lord lady sheriff officer mullah maulvi mawlawi maulana sheikh shaikh haji hajji qari ustad ayatollah imam secretary"
    " ambassador mayor pope coach chief chairman chairwoman spokesman spokeswoman spokesperson director detective inspector attorney"
    " deputy pastor reverend rev father saint"
)
"""Words that stand before a person's name."""

SPEECH: Final = _words(
    "said says told added noted stressed explained replied argued warned recalled wrote tweeted claims claimed"
)

LOCATIVE: Final = _words(
    "in at from near to through around outside towards toward between across into inside throughout via within off along reach reached"
    " visit visited visiting leave left leaving enter entered entering capture captured seize seized invade invaded bombed shelled"
)
"""Prepositions and verbs whose object is often a place."""

PLACING: Final = _words("in near outside throughout across within")
"""Those among them that hardly take anything else."""

CLASS_AFTER: Final = {
    "province": "ADM1", "provinces": "ADM1", "oblast": "ADM1", "governorate": "ADM1", "viloyat": "ADM1", "velayat": "ADM1", "wilayat": "ADM1",
    "district": "ADM2", "districts": "ADM2", "county": "ADM2", "counties": "ADM2", "tehsil": "ADM2", "raion": "ADM2", "rayon": "ADM2",
    "city": "P", "cities": "P", "town": "P", "towns": "P", "village": "P", "villages": "P", "settlement": "P", "suburb": "P", "neighborhood": "P",
    "neighbourhood": "P", "bazaar": "P", "river": "H", "lake": "H", "reservoir": "H", "dam": "H", "canal": "H", "valley": "T", "pass": "T", "mountains": "T",
    "mountain": "T", "desert": "T", "island": "T", "islands": "T", "peninsula": "T", "highway": "R", "corridor": "T",
    "crossing": "S", "checkpoint": "S", "region": "", "area": "", "state": "ADM1", "governor": "ADM1", "parish": "ADM2", "township": "ADM2",
}  # fmt: skip
"""Class words after a name ("Kunduz province") → the feature code or class they ask for; empty for any."""

CLASS_BEFORE: Final = {
    "province": "ADM1", "provinces": "ADM1", "state": "ADM1", "oblast": "ADM1",
    "district": "ADM2", "districts": "ADM2", "county": "ADM2",
    "city": "P", "cities": "P", "town": "P", "towns": "P", "village": "P", "villages": "P", "suburb": "P", "settlement": "P",
    "river": "H", "lake": "H", "island": "T", "islands": "T", "mount": "T", "valley": "T", "region": "", "port": "P", "capital": "P",
}  # fmt: skip
"""Class words that stand before "of" and a name ("the city of Kunduz")."""

PLURALS: Final = frozenset(word for word in CLASS_AFTER if word.endswith("s"))
"""Class words that a whole list of names shares ("Harper and Kingman counties")."""

LOCALS: Final = _words(
    "man woman men women boy girl teen teenager couple family families resident residents native natives home house homeowner homeowners"
    " police officer officers firefighters fire officials official mayor council councillor councilman councilwoman commissioner commissioners"
    " voters students student teacher teachers schools school shop store church hospital library streets suburb suburbs resident"
    " farmer farmers businessman businesswoman lawyer attorney taxpayers parents hotel restaurant warehouse factory newspaper"
)
"""Who and what belongs to a town, behind its name: "an Alton man", "Grovetown police"."""

OFFICIALS: Final = _words(
    "mayor police sheriff coroner alderman selectman selectmen selectwoman councilman councilwoman councilor councillor firefighters"
    " resident residents native natives"
)
"""Those among them that nobody has but a town or county: "Fargo Mayor Dennis Walaker", "a Hammond resident"."""

BRANDS: Final = _words(
    "toyota honda nissan suzuki mitsubishi mazda subaru chevrolet cadillac buick pontiac dodge tahoe durango ford volvo opel nokia siemens"
    " dell nestle pfizer boeing disney starbucks walmart"
)
"""Makers and makes that are rather meant than the town of their name."""

GOODS: Final = _words(
    "walnut almond pistachio saffron apricot mulberry pomegranate melon lemon orange apple cherry olive cotton wheat barley rice corn"
    " coal copper lithium iron gold silver salt marble emerald ruby jade turquoise amber opium poppy cedar oak maple rose lily"
)
"""What grows or is dug somewhere, and is rather meant than the town of its name: "Walnut traders"."""

PRODUCTS: Final = _words(
    "hat hats sprouts wings bologna hemp nuts cow cows cattle hog hogs sheep goat goats horse horses terrier terriers shepherd shepherds"
    " hound hounds retriever retrievers pony ponies mustard ham cheese cheddar wine wines whisky whiskey bourbon lace sauce beans cigar cigars"
    " rug rugs carpet carpets oysters salmon pudding tart cake cakes biscuit biscuits sandwich sandwiches steak chicken pizza burger burgers"
)
"""Breeds, dishes and wares behind a name: "Panama hat", "Brussels sprouts" come from nowhere in particular."""

SEATED: Final = _words("based born bred area headquartered bound educated wide side")
"""Behind a name and a hyphen: "the Albany-based service"."""

PARTIES: Final = frozenset({"D", "R", "I", "DFL", "Dem", "Rep"})
"""Before a hyphen and the place that a member represents: "D-Charleston"."""

DISEASES: Final = _words(
    "virus fever flu influenza disease syndrome encephalitis hemorrhagic haemorrhagic strain variant"
)
"""Behind a name they make it a disease's, unless it is a country's: "West Nile virus"."""

PERSONAL_VERBS: Final = _words(
    "coming smiled smiles laughed laughs grinned married wrote writes sang sings scored retired nodded shrugged whispered wept cried slept"
    " cooked smoked blushed sighed frowned giggled knew loves loved hates hated thinks thought felt feels remembers remembered"
)
"""Verbs whose subject is a person, behind a name: neither towns nor governments do so."""

STREETS: Final = _words("street st avenue ave road rd drive lane boulevard blvd parkway terrace")
"""With a capital behind a name they make it a street's: "Old Boston Road"."""

MAY_FOLLOW: Final = (
    _words(
        "province provinces district districts city town village region county river valley airport governor police mayor"
        " provincial north south east west airfield border road highway bureau time daily residents resident"
        " islands island desert mountains lake dam port bay gulf strait peninsula pass tv radio"
        " and or but the as is was has had will in on at for to of with from by after before while when where who which that said says via amid over"
        " a an be been may could should would must"
    )
    | MONTHS
    | DAYS
    | (TITLES - {"saint"})
)
"""Words that may follow a place name with a capital without making both one other name."""

MAY_PRECEDE: Final = (
    _words(
        "north south east west northern southern eastern western northeast northwest southeast southwest northeastern northwestern"
        " southeastern southwestern central upper lower greater inner outer downtown old new mid metropolitan rural"
        " the in at from near to of and or for with by on as into over between against via through around outside inside"
        " but if when while after before since because although though however meanwhile also now then today yesterday"
        " both all most many some this that these those"
        " city town village province district county state river lake mount mt port fort republic kingdom"
    )
    | MONTHS
    | DAYS
)
"""Words that may stand before a place name with a capital without making both one other name."""

PEOPLES: Final = _words(
    "ismaili ismailis pashtun pashtuns pashto hazara hazaras baloch baluch kurdish kurd kurds arab arabs arabic turkic slavic jewish hindu"
    " sikh sunni shia shiite islamic muslim muslims christian buddhist uyghur uighur uyghurs persian farsi dari urdu western sufi salafi"
    " deobandi wahhabi nato"
)
"""Peoples, languages and faiths that share their name with a town somewhere but belong to no country."""

ORGANISATIONS: Final = (
    "asia plus", "voice of america", "radio free europe", "radio liberty", "radio free afghanistan", "al alam", "tehrik i taliban pakistan",
    "tehreek e taliban pakistan", "islamic state khorasan province", "islamic state khorasan", "isis khorasan", "isil khorasan", "daesh khorasan",
    "tehreek e insaf", "lashkar e taiba", "medecins sans frontieres",
)  # fmt: skip
"""Folded names of outlets and groups that hold a place word, or look like one, and that no rule on their parts finds."""

NEVER_ALONE: Final = (
    _words(
        "north south east west northern southern eastern western northeast northwest southeast southwest northeastern northwestern southeastern"
        " southwestern central centre center middle upper lower old new great greater little big saint san santa el la le los las al"
        " de del da dos di du van von der den a an the"
        " ولایت ولسوالی شهر کشور"
    )
    | MONTHS
    | DAYS
    | TITLES
    | frozenset(CLASS_AFTER)
    | frozenset(CLASS_BEFORE)
    | PEOPLES
)
"""Words that some town bears as its name but that no text means by themselves."""

KEEPS_CLASS_WORD: Final = _words("county counties parish township")
"""Class words that belong to the name: a town of that name is another place ("Laurel County")."""

ORGANISATION_HEADS: Final = _words(
    "library departments courts councils schools board boards university college school academy institute institution organization organisation organizations association federation union league"
    " council committee commission agency authority bureau ministry department administration office service services court"
    " polytechnic corridor shura jirga bank fund corporation corp company co inc ltd group holdings industries airlines airways motors foundation trust society"
    " times post journal news herald tribune gazette star chronicle daily guardian telegraph press radio television tv review observer mirror globe sun"
    " party congress parliament assembly senate movement front alliance coalition army force forces command corps brigade regiment"
    " division battalion club fc united orchestra museum gallery church hospital hotel conference forum treaty pact agreement accord protocol"
    " summit initiative program programme project partnership cooperation olympics cup championship championships games festival center centre"
    " chamber charity rangers expo"
)
"""Last words of a capitalised run that make it the name of an organisation, an outlet, a treaty or an event."""

LOCAL_BODIES: Final = _words(
    "department departments court courts council councils school schools hospital commission library board"
)
"""Heads of bodies that are where their name says: councils, courts, schools."""

ORGANISATION_OF: Final = _words(
    "university corporation scouts college academy institute bank museum movement front mission party association federation union society league"
    " army council committee commission network organization organisation bureau state congress alliance foundation church brotherhood"
    " court chamber ministry agency"
)
"""Heads before "of", "in" or "for" and a place ("Islamic Movement of Uzbekistan")."""

SEATS_OF_LEARNING: Final = _words("university college academy institute museum bank church")
"""Heads that stand before "of" only: what stands behind "in" is where one is ("a college in Kabul")."""

FACILITIES: Final = _words(
    "airport airports airfield airbase airstrip base bases embassy embassies consulate prison jail hospital clinic school mosque dam bridge"
    " port stadium highway tunnel barracks garrison camp checkpoint outpost refinery plant shrine church cathedral temple monastery cemetery"
)

GOVERNMENT_VERBS: Final = _words(
    "says said insists insisted denies denied rejects rejected accuses accused warns warned wants wanted refuses refused agrees agreed urges urged"
    " hopes hoped plans planned considers considered maintains maintained supports supported backs backed opposes opposed condemns condemned"
    " demands demanded seeks sought vows vowed threatens threatened calls called claims claimed argues argued recognizes recognised recognized"
    " announced announces responded responds summoned summons signed expects expected believes believed fears feared welcomed welcomes"
    " negotiating considering supporting backing seeking planning providing preparing trying accusing pursuing sending ready willing concerned"
    " interested"
)
"""Verbs (and predicates after "is") whose subject is a government when it is a capital."""

GOVERNMENT_NOUNS: Final = _words(
    "refusal decision position stance policy policies response reaction demand demands request requests offer interest interests ally allies"
    " ambassador envoy influence relations ties role support involvement willingness concerns proposal efforts strategy goals claim claims"
    " government leadership"
)
"""What follows a capital's "'s" when the capital is a government."""

TOWARDS_GOVERNMENT: Final = _words(
    "assist urge urged accuse accused accuses told tell pressure pressured ask asked asks warn warned convince blame blamed blames criticised criticized"
)
"""Verbs whose object is a government when it is a capital."""

RELATION_NOUNS: Final = _words(
    "row rift spat standoff relations ties talks negotiations dialogue agreement agreements cooperation contacts contact tensions deal alliance dispute"
)
