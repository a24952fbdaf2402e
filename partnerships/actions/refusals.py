"""What the database refuses, said in words."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError


@contextmanager
def in_words(sentences):
    """Turn a refusal into the sentence of its constraint; one without a sentence passes as it is."""
    try:
        yield
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if constraint not in sentences:
            raise
        raise ValidationError(sentences[constraint], code=constraint) from error
