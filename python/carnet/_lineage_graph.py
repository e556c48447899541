"""A Trace as a graph of the package networkx, which is imported only here."""
from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    import networkx

    from carnet._carnet import Trace


def graph_of(trace: Trace) -> networkx.MultiDiGraph:
    try:
        import networkx
    except ImportError as error:
        raise ImportError("Trace.graph() needs the package networkx: pip install networkx") \
            from error
    graph = networkx.MultiDiGraph()
    for node in trace.nodes:
        graph.add_node(node.id, index=node.index, kind=node.kind, signer=node.signer,
                       label=node.label, flop=node.flop, run=node.run)
    for edge in trace.edges:
        graph.add_edge(trace.nodes[edge.source].id, trace.nodes[edge.target].id, label=edge.label)
    return graph
