"""SQL past the models, as the role that the portal runs as."""

from django.db import connection


def execute(statement, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else None
