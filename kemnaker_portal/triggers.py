"""Triggers in migrations, without the price of a whole new set of models for each."""

from pgtrigger import migrations


class AddTrigger(migrations.AddTrigger):
    """Adds a trigger without rendering the models of that moment anew.

    A trigger changes nothing that a historical model can do, but the package has every related model
    made again after each one, which took most of the time of a first start.
    """

    def state_forwards(self, app_label, state):
        options = state.models[app_label, self.model_name_lower].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]


class RemoveTrigger(migrations.RemoveTrigger):
    """Removes a trigger without rendering the models of that moment anew."""

    def state_forwards(self, app_label, state):
        options = state.models[app_label, self.model_name_lower].options
        options["triggers"] = [each for each in options["triggers"] if each.name != self.name]
