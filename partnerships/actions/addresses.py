"""The word by which a record is found in an address of the portal."""

from django.utils.text import slugify


def free_slug(model, name):
    """A slug from the name that no row of the model has yet; a second one of a name gets a number."""
    base = slugify(name)[:70].strip("-") or model._meta.model_name
    taken = set(model.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
