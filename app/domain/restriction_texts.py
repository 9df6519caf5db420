"""What is said about restricted ideas, in French and English: why few people read them, and where else to turn."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.restrictions import RestrictionKind


@dataclass(frozen=True, slots=True)
class Texts:
    """What the author of a restricted idea reads, in one language; `contact` names a role, never a person."""

    name: str
    why: str
    elsewhere: str
    contact: str
    unreachable: str


_UNREACHABLE = {
    "en": "Your company has not said here how to reach them: ask where you find its contacts, not in this idea box.",
    "fr": (
        "Votre entreprise n'a pas indiqué ici comment les joindre : cherchez parmi ses contacts, pas dans cette "
        "boîte à idées."
    ),
}

TEXTS: Mapping[RestrictionKind, Mapping[str, Texts]] = {
    RestrictionKind.PERSONAL_DATA: {
        "en": Texts(
            "Personal data",
            "It says things about people who can be recognised. Whoever does not need to know them is not to read "
            "them (GDPR, article 5: data minimisation, confidentiality), so that only a few people may.",
            "The data protection officer answers questions about personal data and is bound to secrecy (article 38). "
            "You may also complain to the supervisory authority of your country (article 77).",
            "the data protection officer",
            _UNREACHABLE["en"],
        ),
        "fr": Texts(
            "Données personnelles",
            "Elle parle de personnes que l'on peut reconnaître. Qui n'a pas besoin de ces données n'a pas à les lire "
            "(RGPD, article 5 : minimisation, confidentialité) ; seules quelques personnes le peuvent donc.",
            "Le délégué à la protection des données répond aux questions sur ces données et est tenu au secret "
            "(article 38). Vous pouvez aussi saisir l'autorité de contrôle de votre pays (article 77).",
            "le délégué à la protection des données",
            _UNREACHABLE["fr"],
        ),
    },
    RestrictionKind.REPORT_OF_WRONGDOING: {
        "en": Texts(
            "Report of wrongdoing",
            "It reports a wrong. Who reports one, and who is named in it, is known only to those whom the company "
            "has named to receive reports (Directive (EU) 2019/1937, articles 9 and 16); others are not to read it.",
            "An idea box is not a reporting channel, and what is written here may not give you the protection of a "
            "report. Use your company's internal reporting channel (articles 8 and 9), which acknowledges a report "
            "within seven days and answers within three months; or report to the authority that your country has "
            "named (article 10), after that or at once.",
            "whoever receives reports of wrongdoing",
            _UNREACHABLE["en"],
        ),
        "fr": Texts(
            "Signalement",
            "Elle signale un manquement. L'identité de qui signale, et de qui est mis en cause, n'est connue que des "
            "personnes désignées pour recueillir les signalements (directive (UE) 2019/1937, articles 9 et 16) ; "
            "les autres n'ont pas à la lire.",
            "Une boîte à idées n'est pas un canal de signalement, et ce qui y est écrit peut ne pas vous donner la "
            "protection d'un signalement. Utilisez le canal interne de votre entreprise (articles 8 et 9), qui "
            "accuse réception sous sept jours et répond sous trois mois ; ou l'autorité que votre pays a désignée "
            "(article 10), ensuite ou directement.",
            "la personne qui recueille les signalements",
            _UNREACHABLE["fr"],
        ),
    },
    RestrictionKind.INVENTION: {
        "en": Texts(
            "Invention",
            "It may be an invention. What was made available to the public before a patent is asked for is no longer "
            "new (European Patent Convention, article 54), so that few people read it until that is settled.",
            "To whom an employee's invention belongs, what has to be declared to the employer and what is paid for "
            "it is for the law of the country where you mainly work (article 60). Whoever looks after patents in "
            "your company tells you how to declare it; a patent attorney of your own can advise you.",
            "whoever looks after patents",
            _UNREACHABLE["en"],
        ),
        "fr": Texts(
            "Invention",
            "C'est peut-être une invention. Ce qui a été rendu accessible au public avant le dépôt d'un brevet n'est "
            "plus nouveau (Convention sur le brevet européen, article 54) ; peu de personnes la lisent donc "
            "tant que ce n'est pas réglé.",
            "À qui appartient l'invention d'un salarié, ce qu'il doit déclarer à son employeur et ce qui lui est "
            "dû relève de la loi du pays où il travaille principalement (article 60). Qui s'occupe des brevets dans "
            "votre entreprise vous dit comment la déclarer ; un conseil en propriété industrielle peut vous aider.",
            "la personne qui s'occupe des brevets",
            _UNREACHABLE["fr"],
        ),
    },
}
"""What the author is told: why few people may read the idea, and where else to turn."""
