"""What the database refuses, said in words."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError


@contextmanager
def in_words(sentences):
    """Turn a refusal into the sentence of its constraint; one without a sentence passes as it is.

    A constraint that Django names itself is given by the beginning of its name: table and column.
    """
    try:
        yield
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        sentence = next((s for name, s in sentences.items() if constraint.startswith(name)), None)
        if sentence is None:
            raise
        raise ValidationError(sentence, code=constraint) from error
