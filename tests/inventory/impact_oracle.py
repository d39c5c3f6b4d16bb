"""Who is hurt, found the long way: walk every chain of ties that visits nobody twice. Imports nothing of the project."""

LIVING = {"registered", "retiring"}


def feeds(relations, parts, day):
    """Pairs (supplier, consumer) from rows (source, target, direction, migrated_on) and pairs (whole, part)."""
    pairs = set(parts)
    for source, target, direction, migrated_on in relations:
        if migrated_on is not None and migrated_on <= day:
            continue
        if direction in ("sends", "both"):
            pairs.add((source, target))
        if direction in ("receives", "both"):
            pairs.add((target, source))
    return pairs


def hurt_by(start, pairs, statuses):
    """{node: fewest steps} over living nodes, by trying every simple chain from `start`."""
    fewest = {}

    def walk(node, chain):
        for supplier, consumer in pairs:
            if supplier != node or consumer in chain or statuses[consumer] not in LIVING:
                continue
            fewest[consumer] = min(len(chain), fewest.get(consumer, len(chain)))
            walk(consumer, [*chain, consumer])

    walk(start, [start])
    return fewest
