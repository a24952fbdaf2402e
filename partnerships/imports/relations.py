"""Which papers of a file, or of its register in the portal, a row renews or implements."""

from django.utils.translation import gettext as _

from partnerships.models import Agreement

RELATIONS = ("implements", "renews")


class Relations:
    """The ids that the rows of a file name, checked against the file and the portal."""

    def __init__(self, source, saids):
        self._saids = {said.external_id: said for said in saids if said.external_id}
        papers = Agreement.objects.filter(external_source=source).exclude(external_id="")
        self._standing = {
            name: dict(papers.values_list("external_id", f"{name}__external_id")) for name in RELATIONS
        }
        self.in_portal = {paper.external_id: paper for paper in papers.filter(
            external_id__in={said.cell(name) for said in saids for name in RELATIONS}
        )}  # fmt: skip

    def check(self):
        """Refuse the rows that name themselves, a paper nobody has, or a circle of papers."""
        for name in RELATIONS:
            for said in self._saids.values():
                self._check_target(said, name)
            self._refuse_circles(name)

    def _check_target(self, said, name):
        target = said.cell(name)
        if not target:
            return
        if target == said.external_id:
            said.refuse(name, _("The row names itself."))
        elif target not in self._saids and target not in self._standing[name]:
            said.refuse(
                name,
                _("“%(id)s” is neither in this file nor among the imported papers.") % {"id": target},
            )

    def _refuse_circles(self, name):
        for said in self._saids.values():
            chain, at = [said.external_id], self._above(name, said.external_id)
            while at and at not in chain:
                chain.append(at)
                at = self._above(name, at)
            if at == said.external_id and len(chain) > 1 and said.cell(name):
                said.refuse(name, _("The papers form a circle: %(ids)s.") % {"ids": " → ".join([*chain, at])})

    def _above(self, name, external_id):
        said = self._saids.get(external_id)
        return (said and said.cell(name)) or self._standing[name].get(external_id)

    def refuse_orphans(self):
        """Refuse the rows above which a refused row stands that is not in the portal either."""
        found = True
        while found:
            found = False
            for said in self._saids.values():
                for name in RELATIONS:
                    above = self._saids.get(said.cell(name))
                    if (
                        above
                        and not said.refusals
                        and above.refusals
                        and above.external_id not in self._standing[name]
                    ):
                        said.refuse(
                            name, _("Row %(row)d, which it names, is refused.") % {"row": above.number}
                        )
                        found = True

    def parents_first(self, saids):
        """The rows in their order, but each after the rows that it names."""
        ordered, placed = [], set()

        def place(said):
            stack = [said]
            while stack:
                top = stack[-1]
                waiting = [
                    self._saids[top.cell(name)]
                    for name in RELATIONS
                    if top.cell(name) in self._saids
                    and id(self._saids[top.cell(name)]) not in placed
                    and self._saids[top.cell(name)] not in stack
                ]
                if waiting and not top.refusals:
                    stack.append(waiting[0])
                    continue
                stack.pop()
                if id(top) not in placed:
                    placed.add(id(top))
                    ordered.append(top)

        for said in saids:
            place(said)
        return ordered
