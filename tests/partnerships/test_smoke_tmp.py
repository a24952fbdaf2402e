from django.db import connection
def test_web(registrar, agreement_of_asahan):
    with connection.cursor() as c:
        c.execute("select current_user"); print(c.fetchall())
    print(agreement_of_asahan.scopes.all(), agreement_of_asahan.searchable.text)
    assert agreement_of_asahan.events.count() == 1
