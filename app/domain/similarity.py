"""Similar ideas: which candidates say most nearly the same as a text, by two rankings fused into one."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

TITLE_WEIGHT = 3
"""How often a word of a title counts; one of a body counts once."""

GRAM_SIZES = (3, 4, 5)
LEAD = 300
"""Characters of a body whose grams are compared: it repeats itself, and its beginning says what it is about."""

FUSION = 60
"""The constant of reciprocal rank fusion, as its authors propose."""

SATURATION, LENGTH_SHARE = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class Features:
    pass
