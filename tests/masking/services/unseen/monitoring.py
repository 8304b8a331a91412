"""Alarms, logs and measurements."""

from tests.masking.services.shapes import (
    COMMAND,
    COOKIE,
    ENV,
    FORM,
    HEADERS,
    HTML,
    INI,
    JSON,
    LOG,
    PRINTED,
    SQL,
    STACK,
    URL,
    XML,
    YAML,
)  # fmt: skip

SERVICES = {
    "Opsgenie": (
        HEADERS("Authorization: GenieKey ⟦uuid⟧\nContent-Type: application/json\nX-RateLimit-State: OK"),
        JSON(
            r"""{"message":"An example alert message","alias":"Life is too short for no alias","responders":[{"id":"4513b7ea-3b91-438f-b7e4-e3e54af9147c","type":"team"}],"visibleTo":[{"name":"rocket_team","type":"team"}],"actions":["Restart"],"tags":["OverwriteQuietHours","Critical"],"details":{"key1":"value1","key2":"value2"},"entity":"An example entity","priority":"P1"}"""
        ),
        JSON(
            r"""{"message":"Could not authenticate","took":0.002,"requestId":"9ae63dd7-ed00-4c81-86f0-c4ffd33142c9"}"""
        ),
        YAML(
            "receivers:\n  - name: opsgenie\n    opsgenie_configs:\n      - api_key: ⟦uuid⟧\n        api_url: https://api.eu.opsgenie.com/\n        priority: P2\n        send_resolved: true\n"
        ),
    ),
    "Splunk": (
        HEADERS(
            "Authorization: Splunk ⟦uuid⟧\nX-Splunk-Request-Channel: 18654C68-B28B-4450-9CF0-6E7645CA60CA\nContent-Type: application/json"
        ),
        XML(
            r"""<response><sessionKey>⟦url64⟧</sessionKey><messages><msg code="">Remote login succeeded</msg></messages></response>"""
        ),
        INI(
            "[http://acme]\ndisabled = 0\nindex = main\nindexes = main,audit\ntoken = ⟦uuid⟧\nsourcetype = _json\nuseACK = 1\n"
        ),
        FORM("username=admin&password=⟦pw⟧&output_mode=json"),
        JSON(
            r"""{"time":1426279439,"host":"localhost","source":"datasource","sourcetype":"txt","index":"main","event":{"message":"Session expired","severity":"INFO","session_age":3600}}"""
        ),
        JSON(r"""{"text":"Invalid token","code":4,"invalid-event-number":0}"""),
        COMMAND("splunk search '«index=main password reset | stats count by user»' -auth «admin»:⟦pw⟧ -maxout «100»"),
        COOKIE(
            "splunkd_8089=⟦url100⟧; splunkweb_csrf_token_8000=⟦d19⟧; token_key=⟦d19⟧; experience_id=2d2b4f9a; cval=1764000000"
        ),
        XML(
            "<eventslist><event><Message>user=admin action=login status=failure reason=user-initiated</Message><Level>WARN</Level><Component>UiAuth</Component><Offset>17</Offset></event></eventslist>"
        ),
    ),
    "Dynatrace": (
        HEADERS("Authorization: Api-Token ⟦dt0c01.|uan24+.+uan64⟧\nAccept: application/json; charset=utf-8"),
        COOKIE(
            "dtCookie=v_4_srv_1_sn_7F1C2A30BB5D4E3A_perc_100000_ol_0_mul_1; rxVisitor=1764000000000ABCDEF; dtPC=1$200000_123h1vABC; dtSa=-; JSESSIONID=⟦uphex32⟧"
        ),
        COMMAND(
            'wget -O Dynatrace-OneAgent.sh "https://abc12345.live.dynatrace.com/api/v1/deployment/installer/agent/unix/default/latest?arch=«x86»&flavor=«default»" --header="Authorization: Api-Token ⟦dt0c01.|uan24+.+uan64⟧"'
        ),
        YAML(
            "apiVersion: dynatrace.com/v1beta3\nkind: DynaKube\nmetadata:\n  name: dynakube\nspec:\n  apiUrl: https://abc12345.live.dynatrace.com/api\n  tokens: dynakube\n  customPullSecret: pull-secret\n  networkZone: eu-1\n"
        ),
        URL(
            "https://abc12345.live.dynatrace.com/api/v2/problems?problemSelector=status%28%22open%22%29&pageSize=50&Api-Token=⟦dt0c01.|uan24+.+uan64⟧"
        ),
        JSON(r"""{"error":{"code":401,"message":"Token Authentication failed"}}"""),
    ),
    "Honeycomb": (
        HEADERS(
            "X-Honeycomb-Team: ⟦an22⟧\nX-Honeycomb-Dataset: shop\nX-Honeycomb-Samplerate: 4\nX-Honeycomb-Event-Time: 2025-05-01T10:15:00.123Z"
        ),
        ENV(
            "HONEYCOMB_API_KEY=⟦hcaik_|lan58⟧\nOTEL_EXPORTER_OTLP_ENDPOINT=https://api.eu1.honeycomb.io:443\nOTEL_EXPORTER_OTLP_HEADERS=x-honeycomb-team=⟦hcaik_|lan58⟧\nOTEL_SERVICE_NAME=shop\nOTEL_BSP_MAX_QUEUE_SIZE=2048\n"
        ),
        JSON(
            r"""{"id":"bEHVHzbN5Pq","type":"configuration","attributes":{"name":"deploy marker","time_created":"2025-05-01T10:15:00Z","disabled":false},"secret":"⟦lan58⟧"}"""
        ),
        PRINTED(
            '&libhoney.Client{APIKey:"⟦hcaik_|lan58⟧", Dataset:"«shop»", APIHost:"«https://api.honeycomb.io»", SampleRate:«4», BlockOnSend:«false», MaxBatchSize:«50»}'
        ),
    ),
    "Zabbix": (
        JSON(r"""{"jsonrpc":"2.0","method":"user.login","params":{"username":"Admin","password":"⟦pw⟧"},"id":1}"""),
        JSON(
            r"""{"jsonrpc":"2.0","result":[{"hostid":"10160","host":"db-1","status":"0","macro":"{$TOKEN.EXPIRY}"}],"id":1}"""
        ),
        COOKIE("zbx_session=⟦eyJzZXNzaW9uaWQiOi|base200⟧; tab=0; latest_view=list"),
        INI(
            "LogFile=/var/log/zabbix/zabbix_server.log\nDBHost=db\nDBName=zabbix\nDBUser=zabbix\nDBPassword=⟦pw⟧\nListenPort=10051\nStartPollers=5\nVaultToken=⟦hvs.|url90⟧\nTLSPSKIdentity=PSK 001\n"
        ),
        SQL(
            "INSERT INTO users (userid, username, name, passwd, url, autologin, lang) VALUES («1», '«Admin»', '«Zabbix»', '⟦$2y$10$|an53⟧', '«»', «1», '«en_GB»')"
        ),
        SQL(
            "INSERT INTO globalmacro (globalmacroid, macro, value, type) VALUES («2», '«{$SNMP_COMMUNITY}»', '⟦pw⟧', «1»)"
        ),
        STACK(
            'pyzabbix.api.ZabbixAPIException: (\'Error «-32602»: «Invalid params.», «Incorrect user name or password or account is temporarily blocked.»\', «-32602», \'{"jsonrpc": "2.0", "method": "user.login", "params": {"user": "«Admin»", "password": "⟦pw⟧"}, "id": «0»}\')\n  File "«/var/task/zabbix.py»", line «12», in «connect»'
        ),
    ),
    "Prometheus and Alertmanager": (
        YAML(
            "global:\n  scrape_interval: 15s\n  smtp_smarthost: smtp.example:587\n  smtp_auth_password: ⟦pw⟧\n  slack_api_url: https://hooks.slack.com/services/T0001AAAA/B0001BBBB/⟦an24⟧\nscrape_configs:\n  - job_name: shop\n    basic_auth:\n      username: prom\n      password: ⟦pw⟧\n    metrics_path: /metrics\nremote_write:\n  - url: https://mimir.example/api/v1/push\n    authorization:\n      credentials: ⟦glc_|an80⟧\n"
        ),
        LOG(
            'ts=«2025-05-01T10:15:00.123Z» caller=«scrape.go:1384» level=«debug» component=«"scrape manager"» scrape_pool=«shop» target=http://prom:⟦pw⟧@10.0.0.7:9100/metrics msg=«"Scrape failed"» err=«"server returned HTTP status 401 Unauthorized"»'
        ),
        LOG('http_requests_total{method="«post»",code="«401»",handler="«/api/token»"} «1027» «1395066363000»'),
        YAML(
            "groups:\n  - name: tokens\n    rules:\n      - alert: TokenRefreshFailing\n        expr: rate(token_refresh_errors_total[5m]) > 0.1\n        for: 10m\n        labels:\n          severity: page\n        annotations:\n          summary: Password store is slow\n"
        ),
    ),
    "Bugsnag and Rollbar": (
        JSON(
            r"""{"access_token":"⟦hex32⟧","data":{"environment":"production","body":{"trace":{"frames":[{"filename":"/app/auth.js","lineno":17,"method":"getToken"}],"exception":{"class":"TypeError","message":"Cannot read properties of undefined (reading 'token')"}}},"level":"error","timestamp":1764000000,"platform":"node","uuid":"«~uuid»","code_version":"«~hex40»","person":{"id":"17"}}}"""
        ),
        HTML(
            '<script>var _rollbarConfig = {accessToken: "0123456789abcdef0123456789abcdef", captureUncaught: «true», payload: {environment: "«production»"}};</script><div id="app" data-page="login">Please sign in</div>'
        ),
        HEADERS("X-Rollbar-Access-Token: ⟦hex32⟧\nContent-Type: application/json"),
        STACK(
            "TypeError: «Cannot read properties of undefined (reading 'token')»\n    at getToken («/app/auth.js:17:23»)\n    at processTicksAndRejections («node:internal/process/task_queues:95:5») {\n  code: '«ERR_TOKEN»',\n  metaData: { request: { url: '«/login»', body: { login: '«jo»', password: '⟦pw⟧' } } }\n}"
        ),
    ),
}
