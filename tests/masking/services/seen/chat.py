"""Chat, telephone and mail."""

from tests.masking.services.shapes import (
    COMMAND,
    COOKIE,
    ENV,
    FORM,
    HEADERS,
    INI,
    JSON,
    LOG,
    MESSAGE,
    PRINTED,
    SET_COOKIE,
    SQL,
    URL,
    YAML,
)  # fmt: skip

SERVICES = {
    "Zulip": (
        INI("[api]\nkey=⟦an32⟧\nemail=hamlet-bot@zulip.example\nsite=https://zulip.example\n"),
        COMMAND(
            "curl -sSX POST «https://zulip.example/api/v1/messages» -u «othello-bot@zulip.example»:⟦an32⟧ --data-urlencode type=«stream» --data-urlencode 'topic=«Castle»' --data-urlencode 'content=«I come not, friends, to steal away your hearts.»'"
        ),
        JSON(r"""{"result":"success","msg":"","api_key":"⟦an32⟧","email":"iago@zulip.example","user_id":5}"""),
        FORM("username=iago%40zulip.example&password=⟦pw⟧"),
        JSON(
            r"""{"bot_email":"outgoing-bot@zulip.example","bot_full_name":"Outgoing Webhook","data":"@**Outgoing Webhook** What's up?","message":{"client":"website","id":112,"sender_id":10,"stream_id":5,"subject":"Verona","timestamp":1527876931,"type":"stream"},"token":"⟦an32⟧","trigger":"mention"}"""
        ),
        JSON(r"""{"code":"INVALID_API_KEY","msg":"Invalid API key","result":"error"}"""),
    ),
    "Mattermost": (
        FORM(
            "channel_id=hukdg9b1j3b8mk6yy3oy4d1a3h&channel_name=town-square&command=%2Fjira&response_url=not+supported+yet&team_domain=acme&text=create&token=⟦lan26⟧&trigger_id=†x&user_id=rnina9994bde8mua79zqcg5hmo&user_name=jo"
        ),
        SET_COOKIE(
            "MMAUTHTOKEN=⟦lan26⟧; Path=/; Expires=Tue, 24 Jun 2025 10:00:00 GMT; Max-Age=15552000; HttpOnly; Secure"
        ),
        COOKIE(
            "MMAUTHTOKEN=⟦lan26⟧; MMUSERID=rnina9994bde8mua79zqcg5hmo; MMCSRF=⟦lan26⟧; rl_page_init_referrer=direct"
        ),
        JSON(r"""{"login_id":"jo@example.com","password":"⟦pw⟧","device_id":"","token":"⟦d6⟧"}"""),
        JSON(
            r"""{"id":"api.context.session_expired.app_error","message":"Invalid or expired session, please login again.","detailed_error":"","request_id":"kbhm1zx9jbyk5fzcbcsnpeg9uc","status_code":401}"""
        ),
        COMMAND(
            "mmctl user create --email «jo@example.com» --username «jo» --password '⟦pw⟧' --locale «de» --system-admin"
        ),
        LOG(
            '{"timestamp":"«2025-06-24 10:00:00.000 Z»","level":"«error»","msg":"«Invalid or expired session, please login again.»","caller":"«web/context.go:117»","path":"«/api/v4/users/me»","request_id":"«kbhm1zx9jbyk5fzcbcsnpeg9uc»","ip_addr":"«203.0.113.7»","http_code":«401»,"auth":"Bearer ⟦lan26⟧"}'
        ),
    ),
    "Rocket.Chat": (
        HEADERS("X-Auth-Token: ⟦url43⟧\nX-User-Id: aobEdbYhXfu5hkeqG\nX-2fa-code: ⟦d6⟧\nX-2fa-method: totp"),
        JSON(
            r"""{"status":"success","data":{"authToken":"⟦url43⟧","userId":"aobEdbYhXfu5hkeqG","me":{"_id":"aYjNnig8BEAWeQzMh","name":"Rocket Cat","status":"offline","statusConnection":"offline","username":"rocket.cat","utcOffset":-3,"active":true,"roles":["admin"]}}}"""
        ),
        JSON(
            r"""{"msg":"method","method":"login","id":"42","params":[{"user":{"username":"jo"},"password":{"digest":"⟦hex64⟧","algorithm":"sha-256"}}]}"""
        ),
        COOKIE("rc_token=⟦url43⟧; rc_uid=aobEdbYhXfu5hkeqG; rc_session_lang=en"),
    ),
    "LINE": (
        JSON(
            r"""{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[{"replyToken":"⟦hex32⟧","type":"message","mode":"active","timestamp":1462629479859,"source":{"type":"user","userId":"U4af4980629"},"webhookEventId":"01FZ74A0TDDPYRVKNK77XKC3ZR","deliveryContext":{"isRedelivery":false},"message":{"id":"444573844083572737","type":"text","quoteToken":"†q3Plxr4AgKd","text":"Hello"}}]}"""
        ),
        HEADERS(
            "x-line-signature: ⟦base43+=⟧\nContent-Type: application/json; charset=utf-8\nUser-Agent: LineBotWebhook/2.0"
        ),
        FORM("grant_type=client_credentials&client_id=1234567890&client_secret=⟦hex32⟧"),
        JSON(
            r"""{"access_token":"⟦base160⟧","token_type":"Bearer","expires_in":2592000,"key_id":"sDTOzw5wIfxxxxPEzcmeQA"}"""
        ),
        ENV(
            "LINE_CHANNEL_ID=1234567890\nLINE_CHANNEL_SECRET=⟦hex32⟧\nLINE_CHANNEL_ACCESS_TOKEN=⟦base170+=⟧\nLINE_REPLY_TIMEOUT=30\n"
        ),
    ),
    "Viber": (
        JSON(
            r"""{"auth_token":"⟦hex16+-+hex16+-+hex16⟧","receiver":"01234567890A=","min_api_version":1,"sender":{"name":"John McClane","avatar":"https://avatar.example"},"tracking_data":"tracking data","type":"text","text":"Hello world!"}"""
        ),
        HEADERS("X-Viber-Auth-Token: ⟦hex16+-+hex16+-+hex16⟧\nX-Viber-Content-Signature: ⟦hex64⟧\nHost: bot.example"),
        JSON(r"""{"status":2,"status_message":"invalidAuthToken","chat_hostname":"SN-CHAT-05_"}"""),
    ),
    "Matrix": (
        JSON(
            r"""{"type":"m.login.password","identifier":{"type":"m.id.user","user":"cheeky_monkey"},"password":"⟦pw⟧","initial_device_display_name":"Jungle Phone"}"""
        ),
        JSON(
            r"""{"access_token":"⟦syt_|an16+_+an20+_+an6⟧","device_id":"GHTYAJCE","expires_in_ms":60000,"refresh_token":"⟦syr_|an40⟧","user_id":"@cheeky_monkey:matrix.example","well_known":{"m.homeserver":{"base_url":"https://example.org"}}}"""
        ),
        YAML(
            'server_name: matrix.example\ndatabase:\n  name: psycopg2\n  args:\n    user: synapse\n    password: ⟦pw⟧\n    host: localhost\n    cp_min: 5\nregistration_shared_secret: "⟦url50⟧"\nmacaroon_secret_key: "⟦url50⟧"\nform_secret: "⟦url50⟧"\nsigning_key_path: "/data/matrix.example.signing.key"\nreport_stats: false\nturn_shared_secret: ⟦an32⟧\n'
        ),
        URL(
            "https://matrix.example/_matrix/client/r0/sync?filter=0&timeout=30000&since=s72594_4483_1934&access_token=⟦url60⟧"
        ),
        JSON(r"""{"errcode":"M_UNKNOWN_TOKEN","error":"Invalid access token passed.","soft_logout":false}"""),
    ),
    "Vonage": (
        JSON(
            r"""{"api_key":"†abcd1234","api_secret":"⟦an16⟧","brand":"Acme","number":"447700900000","code_length":6}"""
        ),
        URL(
            "https://api.nexmo.com/verify/check/json?api_key=†1a2b3c4d&api_secret=⟦an16⟧&request_id=abcdef0123456789abcdef0123456789&code=⟦d4⟧"
        ),
        JSON(
            r"""{"message-count":"1","messages":[{"to":"447700900000","message-id":"aaaaaaaa-bbbb","status":"0","remaining-balance":"3.14159265","message-price":"0.03330000","network":"12345","client-ref":"my-personal-reference"}]}"""
        ),
        MESSAGE(
            "Vonage::Error: status «4», «Bad credentials» for https://rest.nexmo.com/sms/json?api_key=1a2b3c4d&api_secret=⟦an16⟧&from=«AcmeInc»"
        ),
    ),
    "Plivo and Sinch": (
        HEADERS(
            "X-Plivo-Signature-V3: ⟦base43+=⟧\nX-Plivo-Signature-V3-Nonce: †12345678901234567890\nContent-Type: application/x-www-form-urlencoded"
        ),
        COMMAND(
            'curl -i --user MAXXXXXXXXXXXXXXXXXX:⟦an40⟧ -H "Content-Type: «application/json»" -d \'{"src": "«14155550100»", "dst": "«14155550123»", "text": "«Hi, your order is ready»"}\' «https://api.plivo.com/v1/Account/MAXXXXXXXXXXXXXXXXXX/Message/»'
        ),
        JSON(
            r"""{"message":"message(s) queued","message_uuid":["db3ce55a-7f1d-11e1-8ea7-1231380bc196"],"api_id":"db342550-7f1d-11e1-8ea7-1231380bc196"}"""
        ),
        JSON(
            r"""{"servicePlanId":"sp-17","apiToken":"⟦hex32⟧","from":"+14155550100","to":["+14155550123"],"body":"Your parcel arrives at 10","delivery_report":"summary"}"""
        ),
        SQL(
            "INSERT INTO sms_gateway (provider, auth_id, auth_token, sender, retries) VALUES ('«plivo»', '«MAYNZKNDG1»', '⟦an40⟧', '«Acme»', «3»)"
        ),
    ),
    "SparkPost": (
        HEADERS("Authorization: ⟦hex40⟧\nContent-Type: application/json\nAccept: application/json"),
        JSON(
            r"""{"options":{"open_tracking":true,"click_tracking":true},"metadata":{"some_useful_metadata":"testing_sparkpost"},"substitution_data":{"signature":"Team SparkPost","reset_link":"https://app.example/reset?token=⟦an40⟧"},"recipients":[{"address":{"email":"wilma@example.com"},"tags":["learning"]}],"content":{"from":{"name":"Acme","email":"no-reply@example.com"},"subject":"Reset your password"}}"""
        ),
        JSON(
            r"""{"errors":[{"message":"Invalid domain","description":"Unconfigured Sending Domain <example.com>","code":"7001"}]}"""
        ),
        JSON(
            r"""[{"msys":{"message_event":{"type":"bounce","bounce_class":"1","campaign_id":"Example Campaign Name","customer_id":"1","delv_method":"esmtp","error_code":"554","event_id":"92356927693813856","ip_address":"127.0.0.1","message_id":"000443ee14578172be22","num_retries":"2","raw_reason":"MAIL REFUSED - IP (17.99.99.99) is in black list","rcpt_to":"recipient@example.com","template_version":"1"}}}]"""
        ),
    ),
    "Mailjet and Brevo": (
        COMMAND(
            "curl -s -X POST --user \"0123456789abcdef0123456789abcdef:⟦hex32⟧\" «https://api.mailjet.com/v3.1/send» -H 'Content-Type: «application/json»' -d '{\"SandboxMode\":«true»}'"
        ),
        ENV(
            "MJ_APIKEY_PUBLIC=†0123456789abcdef\nMJ_APIKEY_PRIVATE=⟦hex32⟧\nBREVO_API_KEY=⟦xkeysib-|hex64+-+an16⟧\nMAIL_FROM=shop@example.com\nMAIL_TIMEOUT=20\n"
        ),
        HEADERS("api-key: ⟦xkeysib-|hex64+-+an16⟧\naccept: application/json\nsib-plugin: woocommerce-4.0"),
        JSON(
            r"""{"Messages":[{"Status":"success","CustomID":"order-17","To":[{"Email":"passenger1@mailjet.example","MessageUUID":"1ab23cd4-e567-8901-2345-6789f0gh1i2j","MessageID":1234567890987654321,"MessageHref":"https://api.mailjet.com/v3/message/1234567890987654321"}]}]}"""
        ),
        PRINTED(
            "{'smtp': {'relay': '«smtp-relay.brevo.com»', 'port': «587», 'login': '«shop@example.com»', 'password': '⟦xsmtpsib-|hex64+-+an16⟧'}, 'sender': '«Acme»', 'tags': ['«welcome»'], 'params': {'ORDER': «12345»}}"
        ),
    ),
    "Zoom": (
        JSON(
            r"""{"id":93398114182,"uuid":"4444AAAiAAAAAiAiAiiAii==","host_id":"x1yCzABCDEfg23HiJKl4mN","topic":"My Meeting","type":2,"status":"waiting","start_time":"2025-03-25T07:29:29Z","duration":60,"timezone":"America/Los_Angeles","start_url":"https://zoom.us/s/93398114182?zak=⟦jwt⟧","password":"⟦an6⟧","h323_password":"⟦d6⟧","encrypted_password":"⟦an32⟧","settings":{"host_video":true,"mute_upon_entry":false,"auto_recording":"none","waiting_room":false}}"""
        ),
        JSON(
            r"""{"event":"endpoint.url_validation","payload":{"plainToken":"†qgg8vlvZRS6UYooatFL8Aw"},"event_ts":1654503849680}"""
        ),
        HEADERS("x-zm-signature: ⟦v0=|hex64⟧\nx-zm-request-timestamp: 1739923528\nclientid: o8UJSOz5Qz2bkwGj0YgXlQ"),
        URL("https://us02web.zoom.us/j/93398114182?pwd=⟦an32⟧&from=addon"),
        JSON(r"""{"code":124,"message":"Invalid access token, does not contain scopes:[meeting:write]."}"""),
    ),
    "Microsoft Teams bots": (
        JSON(
            r"""{"type":"message","id":"1485983408511","timestamp":"2025-02-01T21:10:08.511Z","localTimestamp":"2025-02-01T13:10:08-08:00","channelId":"msteams","serviceUrl":"https://smba.trafficmanager.net/emea/","from":{"id":"29:1XJKJMvc5GBtc2JwZq0oj8tHZmzrQgmB39ATiQWA85gQ","name":"Megan Bowen"},"recipient":{"id":"28:c9e8c047","name":"SandBox"},"textFormat":"plain","text":"reset my password","entities":[{"type":"clientInfo","locale":"en-US","country":"US","platform":"Windows"}],"channelData":{"tenant":{"id":"«~uuid»"}}}"""
        ),
        JSON(
            r"""{"MicrosoftAppId":"«~uuid»","MicrosoftAppType":"MultiTenant","MicrosoftAppPassword":"⟦an3+8Q~+url34⟧","MicrosoftAppTenantId":"","LogLevel":"Information"}"""
        ),
        ENV(
            "MicrosoftAppId=9f1c2a30-1df5-4a40-9d5e-5f1d7a3b9c11\nMicrosoftAppPassword=⟦an3+8Q~+url34⟧\nTEAMS_WEBHOOK_URL=https://acme.webhook.office.com/webhookb2/4a1c2a30-1df5-4a40-9d5e-5f1d7a3b9c11@5b1c2a30-1df5-4a40-9d5e-5f1d7a3b9c11/IncomingWebhook/⟦hex32⟧/6c1c2a30-1df5-4a40-9d5e-5f1d7a3b9c11\nPORT=3978\n"
        ),
    ),
}
