"""What a request costs does not grow with the queue of its agent."""

from __future__ import annotations

import pytest

# Counts how often anybody looks into the queue or the list of sockets: Node itself does so a few times for each.
SCRIPT = """
    const http = require('http');
    const [count, host] = %s;
    let looks = 0;
    const counting = (lists) => new Proxy(lists, {
      get(target, name) {
        const list = target[name];
        return Array.isArray(list) ? new Proxy(list, { get(one, at) { looks += 1; return one[at]; } }) : list;
      },
    });
    const server = http.createServer((request, response) => response.end('x'));
    server.listen(0, '127.0.0.1', () => {
      const agent = new http.Agent({ maxSockets: 1, keepAlive: true });
      agent.requests = counting(agent.requests);
      agent.sockets = counting(agent.sockets);
      const { port } = server.address();
      let left = count;
      for (let at = 0; at < count; at += 1) {
        const options = { host: '127.0.0.1', port, agent, path: `/${at}`, headers: host ? { Host: host } : {} };
        http.get(options, (response) => {
          response.resume().on('end', () => {
            left -= 1;
            if (left === 0) { console.log(looks); process.exit(); }
          });
        });
      }
    });
"""


@pytest.mark.parametrize("host", ['""', '"a.host.of.the.users.own"'])
def test_looks_into_the_queue_do_not_grow_with_it(runner, node, host) -> None:
    few, many = 50, 400

    def looks(count, *, wrapped):
        ran = runner.script(node, SCRIPT % f"[{count}, {host}]", wrapped=wrapped)
        assert ran.returncode == 0, ran.stderr
        if wrapped:
            assert {call.stages[0] for call in ran.calls[1:]} == {"queue"}
        return ran.json

    ours = {count: looks(count, wrapped=True) - looks(count, wrapped=False) for count in (few, many)}
    assert ours[many] <= 2 * max(ours[few], few) * many / few, ours
