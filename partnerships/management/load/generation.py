import random

from partnerships.management.load import SOURCE, derived, triggers, world
from partnerships.management.load.copying import COLUMNS, Copies
from partnerships.management.load.files import Files
from partnerships.management.load.papers import Papers, days_before
from partnerships.management.load.promises import Promises, numbers_of_commitments

# Made of the records at the end, all at once.
_DERIVED = ("partnerships_agreementscope", "partnerships_agreementsearch")


def generate(cursor, agreements, commitments, seed, on, say):
    """That many papers and commitments as they may stand on the day ``on``; rows written, by table.

    The same seed on the same day gives the same records.
    """
    rng = random.Random(seed)  # noqa: S311 - made-up records, not secrets
    with triggers.off(cursor, [*COLUMNS, *_DERIVED]):
        copies = Copies(cursor)
        ground = world.stand_on(copies, rng, agreements, on)
        world.events_for(ground, copies, rng, agreements, days_before(on))
        papers, promises, files = (each(ground, copies, rng, on) for each in (Papers, Promises, Files))
        for number, owed in enumerate(numbers_of_commitments(rng, agreements, commitments)):
            paper = papers.write(number)
            promises.write(paper, owed)
            files.write(paper)
            copies.send_when_enough()
        copies.finish()
        say("records")
        for table in COLUMNS:
            cursor.execute(f'ANALYZE "{table}"')
        derived.make(cursor, SOURCE, say)
    return copies.rows
