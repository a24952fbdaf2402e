"""Django's PostgreSQL, whose connections always tell for whom they read (kemnaker_portal.readers)."""
