"""Chat, mail and customers."""

from tests.masking.services.shapes import (
    ANSWERED,
    CALL_ERROR,
    COMMAND,
    ENV,
    EVENT,
    FORM,
    HEADERS,
    HTML,
    JSON,
    LOG,
    MESSAGE,
    MULTIPART,
    STACK,
    URL,
    XML,
    YAML,
)  # fmt: skip

SERVICES = {
    "Slack": (
        JSON(
            r"""{"ok":true,"access_token":"⟦xoxb-|d12+-+d12+-+an24⟧","token_type":"bot","scope":"commands,incoming-webhook","bot_user_id":"U0KRQLJ9H","app_id":"A0KRD7HC3","team":{"name":"Acme","id":"T9TK3CUKW"},"incoming_webhook":{"channel":"#general","channel_id":"C05002EAE","configuration_url":"https://acme.slack.com/services/B1","url":"⟦https://hooks.slack.com/services/T9TK3CUKW/B05002EAE/|an24⟧"}}"""
        ),
        FORM(
            "token=⟦an24⟧&team_id=T0001&team_domain=acme&channel_id=C2147483705&channel_name=test&user_id=U2147483697&user_name=Steve&command=%2Fweather&text=94070&response_url=⟦https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT0001%2F1234%2F|an24⟧&api_app_id=A123456"
        ),
        EVENT(
            r"""{"token":"⟦an24⟧","team_id":"T061EG9R6","api_app_id":"A0PNCHHK2","event":{"type":"message","channel":"D024BE91L","user":"U2147483697","text":"Live long and prospect.","ts":"1355517523.000005","channel_type":"im"},"type":"event_callback","event_id":"Ev0PV52K25","event_time":1355517523}"""
        ),
        HEADERS("X-Slack-Signature: ⟦v0=|hex64⟧\nX-Slack-Request-Timestamp: 1531420618\nUser-Agent: Slackbot 1.0"),
        JSON(
            r"""{"ok":false,"error":"invalid_auth","warning":"missing_charset","response_metadata":{"warnings":["missing_charset"]}}"""
        ),
    ),
    "Telegram": (
        EVENT(
            r"""{"update_id":10000,"message":{"date":1441645532,"chat":{"last_name":"Test","id":1111111,"type":"private","first_name":"Test","username":"Test"},"message_id":1365,"from":{"id":1111111,"is_bot":false,"language_code":"en"},"text":"/start"}}"""
        ),
        CALL_ERROR("POST https://api.telegram.org/bot†123456:⟦url35⟧/sendMessage failed with «404»"),
        ENV("TELEGRAM_BOT_TOKEN=⟦d9+:+url35⟧\nTELEGRAM_CHAT_ID=-1001234567890\nTELEGRAM_PARSE_MODE=MarkdownV2\n"),
        JSON(
            r"""{"ok":false,"error_code":400,"description":"Bad Request: chat not found","parameters":{"retry_after":35}}"""
        ),
        HEADERS("X-Telegram-Bot-Api-Secret-Token: ⟦url32⟧\nContent-Type: application/json\nHost: bot.example"),
    ),
    "SendGrid": (
        JSON(
            r"""{"personalizations":[{"to":[{"email":"john@example.com","name":"John"}],"subject":"Hello"}],"from":{"email":"sam@example.com"},"content":[{"type":"text/plain","value":"Heya!"}],"tracking_settings":{"click_tracking":{"enable":true}},"send_at":1617260400}"""
        ),
        HEADERS("Authorization: Bearer ⟦SG.|url22+.+url43⟧\nContent-Type: application/json"),
        EVENT(
            r"""[{"email":"ex@example.com","timestamp":1513299569,"smtp-id":"<14c5d75ce93.dfd.64b469@ismtpd-555>","event":"bounce","category":["cat facts"],"sg_event_id":"6g4ZI7SA","sg_message_id":"14c5d75ce93.dfd.64b469","reason":"500 unknown recipient","status":"5.0.0"}]"""
        ),
        COMMAND(
            'curl -X POST «https://api.sendgrid.com/v3/mail/send» --header "Authorization: Bearer ⟦SG.|url22+.+url43⟧" --header "Content-Type: «application/json»" --max-time «30»'
        ),
        JSON(
            r"""{"errors":[{"message":"The provided authorization grant is invalid, expired, or revoked","field":null,"help":null}]}"""
        ),
    ),
    "Mailgun": (
        EVENT(
            r"""{"signature":{"timestamp":"1529006854","token":"⟦hex50⟧","signature":"⟦hex64⟧"},"event-data":{"event":"opened","timestamp":1529006854.329574,"id":"DACSsAdVSeGpLid7TN03WA","recipient":"alice@example.com","geolocation":{"country":"US","region":"CA","city":"San Francisco"},"ip":"50.56.129.169","client-info":{"client-os":"Linux","device-type":"desktop","client-name":"Chrome"},"tags":["my_tag_1"]}}"""
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="from"\r\n\r\n«Mailer <mail@example.com>»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="subject"\r\n\r\n«Hello there»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="token"\r\n\r\n⟦hex50⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="o:tracking"\r\n\r\n«yes»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        COMMAND(
            "curl -s --user 'api:⟦key-|hex32⟧' «https://api.mailgun.net/v3/mg.example.com/messages» -F from='«Mailer <mail@example.com>»' -F subject='«Hello»'"
        ),
        ENV(
            "MAILGUN_SMTP_LOGIN=postmaster@mg.example.com\nMAILGUN_SMTP_PASSWORD=⟦hex32⟧\nMAILGUN_SMTP_PORT=587\nMAILGUN_SMTP_SERVER=smtp.mailgun.org\n"
        ),
    ),
    "Salesforce": (
        FORM(
            "grant_type=password&client_id=†3MVG9lKcPoNINVBIPJjdw1J9LLM82Hn&client_secret=⟦d19⟧&username=jo%40acme.example&password=⟦pw⟧"
        ),
        JSON(
            r"""{"access_token":"⟦00D50000000IZ3Z!|an96⟧","instance_url":"https://acme.my.salesforce.com","id":"https://login.salesforce.com/id/00D50000000IZ3ZEAW/00550000001fg5OAAQ","token_type":"Bearer","issued_at":"1667600739962","signature":"⟦base43+=⟧"}"""
        ),
        XML(
            r"""<?xml version="1.0" encoding="utf-8"?><env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Body><n1:login xmlns:n1="urn:partner.soap.sforce.com"><n1:username>jo@acme.example</n1:username><n1:password>⟦pw⟧⟦an24⟧</n1:password></n1:login></env:Body></env:Envelope>"""
        ),
        XML(
            r"""<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com"><soapenv:Body><loginResponse><result><metadataServerUrl>https://acme.my.salesforce.com/services/Soap/m/60.0</metadataServerUrl><passwordExpired>false</passwordExpired><sandbox>false</sandbox><sessionId>⟦00D50000000IZ3Z!|an96⟧</sessionId><userId>00550000001fg5OAAQ</userId><userInfo><currencySymbol>$</currencySymbol><organizationName>Acme</organizationName><sessionSecondsValid>7200</sessionSecondsValid><userLanguage>en_US</userLanguage></userInfo></result></loginResponse></soapenv:Body></soapenv:Envelope>"""
        ),
        JSON(r"""[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]"""),
        MESSAGE(
            "simple_salesforce.exceptions.SalesforceAuthenticationFailed: «INVALID_LOGIN»: «Invalid username, password, security token; or user locked out.»"
        ),
    ),
    "Intercom": (
        EVENT(
            r"""{"type":"notification_event","app_id":"a86dr8yl","data":{"type":"notification_event_data","item":{"type":"contact","id":"5ba682d23d7cf92bef87bfd4","email":"jo@acme.example","role":"user","signed_up_at":1394531169,"has_hard_bounced":false,"browser":"chrome","os":"macOS","location":{"city":"Dublin","country":"Ireland"}}},"topic":"contact.created","delivery_attempts":1,"created_at":1394531169}"""
        ),
        HEADERS("X-Hub-Signature: ⟦sha1=|hex40⟧\nIntercom-Version: 2.11\nAuthorization: Bearer ⟦dG9r|base56⟧"),
        HTML(
            '<html><body><script>window.intercomSettings = {api_base: "«https://api-iam.intercom.io»", app_id: "«a86dr8yl»", user_id: "«17»", user_hash: "⟦hex64⟧"};</script><p class="lead">Welcome back</p></body></html>'
        ),
    ),
    "Zapier hook": (
        URL("https://hooks.zapier.com/hooks/catch/123456/⟦lan7⟧/"),
        LOG("«INFO» posted to https://discord.com/api/webhooks/†1234567890/⟦url68⟧ status=«204» bytes=«312»"),
        STACK(
            "Error: «Request failed with status code 401»\n    at createError («/var/task/node_modules/axios/lib/core/createError.js:16:15»)\n    at settle («/var/task/node_modules/axios/lib/core/settle.js:17:12»)\n    at Auth.refreshToken («/var/task/src/auth/token.js:88:11»)"
        ),
        YAML("notify:\n  kind: zapier\n  retries: 3\n  secret: ⟦pw⟧\n  channel: alerts\n"),
        ANSWERED("Server: nginx\nX-Frame-Options: DENY\nContent-Length: 71\nSet-Cookie: ⟦AWSALB=|base80⟧"),
    ),
}
