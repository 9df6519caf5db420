"""French and English words too common to search by."""

# Written with their accents and without: people leave accents out, but "thé" (tea) and "été" (summer) must
# stay. Left out on purpose, because they mean something in one of the two languages: bien, car, mine, point,
# sans. The letters and "jusqu", "lorsqu" … are what an apostrophe cuts off a word, or should: "l idée".
_FRENCH = """
    à a afin ai ainsi alors après apres as au aucun aucune aujourd auquel aussi autre autres aux auxquels
    avaient avais avait avant avec avoir avons avez ayant c ça ca ce ceci cela celle celles celui cependant
    certain certaine certaines certains ces cet cette ceux chaque chez ci comme comment contre d dans de
    dedans dehors déjà deja depuis des dès desquels devrait devraient doit doivent donc dont du duquel elle
    elles en encore entr entre envers es est et étaient etaient étais etais était etait étant etant être
    etre eu eux faire fait faites faut font hui ici il ils j jamais je jusqu jusque l la là laquelle le
    lequel les lesquelles lesquels leur leurs lors lorsqu lorsque lui m ma mais malgré malgre me même meme
    mêmes memes mes moi moins mon n ne ni non nos notre nous on ont ou où oui outre par parce pas pendant
    peu peut peuvent peux plus plutôt plutot pour pourquoi pourrait pourraient près pres presqu puis puisqu
    puisque qu quand que quel quelle quelles quelqu quelque quelques quels qui quoi quoiqu quoique s sa se
    selon sera serait seraient seront ses si soi soient sois soit sommes son sont sous souvent suis sur t ta
    tandis te tel telle telles tels tes toi ton toujours tous tout toute toutes très tres trop tu un une va
    vers voici voilà voila vos votre vous y
"""
_ENGLISH = """
    about above after again against all also am an and any are as at be because been before being below
    between both but by can cannot could did do does doing down during each few for from further had has
    have having he her here hers herself him himself his how i if in into is it its itself just me more most
    my myself no nor not of off on once only or other our ours ourselves out over own same shall she should
    so some such than that the their theirs them themselves then there these they this those through to too
    under until up us very was we were what when where which while who whom why will with would you your
    yours yourself yourselves
"""

WORDS = frozenset((_FRENCH + _ENGLISH).split())
"""Casefolded words that are neither indexed nor searched."""

ACRONYMS = frozenset({"AI", "IT"})
"""Spelled so, in capitals, they are words in spite of `WORDS`."""

CLITICS = frozenset({"ll", "re", "ve"})
"""English: what stands after an apostrophe and is no word; "s", "t", "d" and "m" are among `WORDS`."""

NEGATED = frozenset(
    "ain aren can couldn didn doesn don hadn hasn haven isn mustn needn shouldn wasn weren won wouldn".split()
)
"""English: what means nothing before "'t", and something alone ("don" is a French gift)."""
