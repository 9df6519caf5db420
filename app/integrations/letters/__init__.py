"""Letters: what a message says, in the reader's language, as text and as HTML.

Writing them takes templates and catalogues, which only the processes that send need: `letters.writing`.
"""

from app.integrations.letters.shapes import Fact, Item, Letter, Line

__all__ = ["Fact", "Item", "Letter", "Line"]
