"""Papers of this room's matters; put into the table of kinds when the room is ready."""

from huiyin.upstream.letters import order_return, paper_notice, problem, service_result

ROWS = (order_return.KIND, problem.KIND, paper_notice.KIND, service_result.KIND)
