import numpy as np


class Selection:
    """Some of the papers of an index: a mask for each of its blocks."""

    def __init__(self, index, masks):
        self.index = index
        self.masks = masks

    def __and__(self, other):
        return Selection(
            self.index, [one & another for one, another in zip(self.masks, other.masks, strict=True)]
        )

    def __or__(self, other):
        return Selection(
            self.index, [one | another for one, another in zip(self.masks, other.masks, strict=True)]
        )

    def __invert__(self):
        return Selection(self.index, [~mask for mask in self.masks])

    def __len__(self):
        return sum(int(np.count_nonzero(mask)) for mask in self.masks)

    @property
    def represented(self):
        """How many papers these stand for."""
        blocks = zip(self.index.blocks, self.masks, strict=True)
        return sum(int(block.represents[mask].sum()) for block, mask in blocks)

    def counts(self, name):
        """How many of these each value of a grouping has, without the values that none has."""
        counts: dict = {}
        for block, mask in zip(self.index.blocks, self.masks, strict=True):
            for value, number in block.groupings[name].counts(mask).items():
                counts[value] = counts.get(value, 0) + number
        return counts

    def newest(self, name):
        """The id of the newest of these that has each value of a grouping."""
        found: dict = {}
        for block, mask in zip(self.index.blocks, self.masks, strict=True):
            for value, place in block.groupings[name].first(mask).items():
                key = block.order_key(place)
                if value not in found or key < found[value][0]:
                    found[value] = key, int(block.ids[place])
        return {value: pk for value, (_key, pk) in found.items()}

    def ids(self):
        """The ids of these, in the order of the register."""
        return self.index.in_order(self.masks)
