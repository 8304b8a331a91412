"""Chat, mail, customers and shipping."""

from tests.masking.services.shapes import (
    ANSWERED,
    CALL_ERROR,
    COMMAND,
    COOKIE,
    ENV,
    EVENT,
    FORM,
    HEADERS,
    HTML,
    JSON,
    LOG,
    MESSAGE,
    MULTIPART,
    PRINTED,
    SET_COOKIE,
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
    "Discord": (
        EVENT(
            r"""{"app_permissions":"562949953601536","application_id":"775799577604522054","channel":{"flags":0,"id":"772908445358620702","name":"general","nsfw":false,"type":0},"data":{"id":"866818195033292851","name":"context-menu","type":2},"id":"867793854505943041","locale":"en-US","member":{"joined_at":"2020-01-01T00:00:00.000000+00:00","nick":null,"roles":["785609923542777878"],"user":{"id":"167348773423415296","username":"jo"}},"token":"⟦aW50ZXJhY3Rpb246|base120⟧","type":2,"version":1}"""
        ),
        HEADERS(
            "Authorization: Bot ⟦an24+.+an6+.+url27⟧\nX-Signature-Ed25519: †x\nX-Signature-Timestamp: 1700000000\nUser-Agent: DiscordBot (https://a.example, 1.0)"
        ),
        JSON(
            r"""{"id":"223704706495545344","type":1,"name":"test webhook","avatar":null,"channel_id":"199737254929760256","guild_id":"199737254929760256","token":"⟦url68⟧"}"""
        ),
        ANSWERED(
            "X-RateLimit-Bucket: abcd1234\nX-RateLimit-Remaining: 9\nX-RateLimit-Reset-After: 1.000\nX-RateLimit-Scope: user"
        ),
        CALL_ERROR(
            "DiscordAPIError[«50035»]: «Invalid Form Body» at https://discord.com/api/webhooks/«223704706495545344»/⟦url68⟧"
        ),
        JSON(r"""{"code":0,"message":"401: Unauthorized"}"""),
    ),
    "Twilio": (
        FORM(
            "ToCountry=US&ToState=CA&SmsMessageSid=SM0123456789abcdef0123456789abcdef&NumMedia=0&FromZip=94107&SmsSid=SM0123456789abcdef0123456789abcdef&SmsStatus=received&Body=Hello&AccountSid=AC0123456789abcdef0123456789abcdef&ApiVersion=2010-04-01"
        ),
        JSON(
            r"""{"account_sid":"AC0123456789abcdef0123456789abcdef","api_version":"2010-04-01","body":"Hi there","date_created":"Thu, 24 Aug 2023 05:01:45 +0000","direction":"outbound-api","error_code":null,"num_segments":"1","price":null,"sid":"SM0123456789abcdef0123456789abcdef","status":"queued","uri":"/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages/SM0123456789abcdef0123456789abcdef.json"}"""
        ),
        HEADERS(
            "X-Twilio-Signature: ⟦base27+=⟧\nI-Twilio-Idempotency-Token: 6d2b1c1e-8a3b\nContent-Type: application/x-www-form-urlencoded"
        ),
        JSON(
            r"""{"status":"pending","payee":null,"to":"+15017122661","channel":"sms","valid":false,"sid":"VE0123456789abcdef0123456789abcdef","service_sid":"VA0123456789abcdef0123456789abcdef","lookup":{"carrier":null}}"""
        ),
        FORM("To=%2B15017122661&Code=⟦d6⟧&VerificationSid=†VE0123"),
        ENV(
            "TWILIO_ACCOUNT_SID=AC0123456789abcdef0123456789abcdef\nTWILIO_AUTH_TOKEN=⟦hex32⟧\nTWILIO_FROM=+15017122661\nTWILIO_REGION=ie1\n"
        ),
        MESSAGE("SMS to «+15017122661»: Your «Acme» verification code is: ⟦d6⟧. «Don't share it with anyone.»"),
    ),
    "WhatsApp": (
        EVENT(
            r"""{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881","phone_number_id":"106540352242922"},"contacts":[{"profile":{"name":"Jo"},"wa_id":"16505551234"}],"messages":[{"from":"16505551234","id":"wamid.HBgLMTY1","timestamp":"1749416383","type":"text","text":{"body":"Does it come in blue?"}}]},"field":"messages"}]}]}"""
        ),
        URL("https://app.example/hook?hub.mode=subscribe&hub.challenge=†1158201444&hub.verify_token=⟦pw⟧"),
        URL("https://graph.facebook.com/v19.0/me?fields=id%2Cname&access_token=⟦EAA|an180⟧"),
        JSON(
            r"""{"error":{"message":"Error validating access token: Session has expired on Thursday.","type":"OAuthException","code":190,"error_subcode":463,"fbtrace_id":"H2il2t5bn4e"}}"""
        ),
        HEADERS("X-Hub-Signature-256: ⟦sha256=|hex64⟧\nUser-Agent: facebookexternalua\nContent-Type: application/json"),
    ),
    "Postmark": (
        HEADERS("X-Postmark-Server-Token: ⟦uuid⟧\nAccept: application/json\nContent-Type: application/json"),
        JSON(
            r"""{"From":"sender@example.com","To":"jo@example.com","Subject":"Reset your password","HtmlBody":"<a href=\"https://app.example/reset?token=⟦an40⟧\">Reset</a>","MessageStream":"outbound","TrackOpens":true}"""
        ),
        JSON(r"""{"ErrorCode":10,"Message":"No Account or Server API tokens were supplied in the HTTP headers."}"""),
        LOG(
            '«INFO» mailer sent to=«jo@example.com» subject="«Your code»" text="Your one-time passcode is ⟦d6⟧" id=«b7bc2f4a»'
        ),
    ),
    "Mailchimp": (
        FORM(
            "type=subscribe&fired_at=2009-03-26+21%3A35%3A57&data%5Bid%5D=8a25ff1d98&data%5Bemail%5D=api%40mailchimp.example&data%5Bemail_type%5D=html&data%5Bip_opt%5D=10.20.10.30"
        ),
        COMMAND(
            "curl --request GET --url '«https://us6.api.mailchimp.com/3.0/lists?count=10»' --user 'anystring:⟦hex32⟧-us6' --silent"
        ),
        JSON(
            r"""{"type":"https://mailchimp.com/developer/marketing/docs/errors/","title":"API Key Invalid","status":401,"detail":"Your API key may be invalid, or you've attempted to access the wrong datacenter.","instance":"995c5cb0-3280-4a6e-808b-3b096d0bb219"}"""
        ),
        JSON(
            r"""{"key":"⟦hex32+-us6⟧"¦,"message":{"subject":"Hi","from_email":"a@example.com","track_opens":true,"tags":["reset"]},"async":false}"""
        ),
    ),
    "HubSpot": (
        EVENT(
            r"""[{"objectId":1246965,"propertyName":"lifecyclestage","propertyValue":"subscriber","changeSource":"ACADEMY","eventId":3816279340,"subscriptionId":25,"portalId":33,"appId":1160452,"occurredAt":1462216307945,"eventType":"contact.propertyChange","attemptNumber":0}]"""
        ),
        JSON(
            r"""{"refresh_token":"⟦url36⟧","access_token":"⟦url90⟧","expires_in":1800,"token_type":"bearer","hub_domain":"acme.hubspot.com","scopes":["oauth","crm.objects.contacts.read"],"hub_id":33,"user":"jo@acme.example"}"""
        ),
        URL("https://api.hubapi.com/contacts/v1/lists?hapikey=⟦uuid⟧&count=20&property=email"),
        COOKIE("hubspotutk=†abc; csrf.app=⟦url60⟧; hs_lang=de; hs_login_email=†x; cookie_banner=dismissed"),
        YAML(
            "name: acme\nportals:\n  - name: prod\n    portalId: 33\n    authType: personalaccesskey\n    personalAccessKey: ⟦base80⟧\n    env: prod\n"
        ),
    ),
    "Zendesk": (
        HEADERS(
            "Authorization: Basic ⟦base72⟧\nX-Zendesk-Webhook-Signature: ⟦base43+=⟧\nX-Zendesk-Webhook-Signature-Timestamp: 2025-01-01T00:00:00Z\nX-Zendesk-Account-Id: 123456"
        ),
        JSON(
            r"""{"ticket":{"id":35436,"subject":"I forgot my password","priority":"high","status":"open","tags":["password","login"],"requester_id":1462,"via":{"channel":"web"},"custom_fields":[{"id":27642,"value":"745"}],"satisfaction_rating":{"score":"good"}}}"""
        ),
        JSON(
            r"""{"token":{"id":17,"client_id":41,"full_token":"⟦hex64⟧","scopes":["read","write"],"expires_at":null,"used_at":"2025-01-01T00:00:00Z"}}"""
        ),
        HTML(
            '<html><head><title>Zendesk</title><meta name="csrf-token" content="⟦base60⟧" /></head><body><div class="message">Invalid email or password</div><label for="user_password">Password</label></body></html>'
        ),
    ),
    "Microsoft Dynamics and SOAP": (
        XML(
            r"""<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header><o:Security xmlns:o="http://docs.oasis-open.org/wss/wssecurity-secext-1.0.xsd"><o:UsernameToken><o:Username>jo@acme.example</o:Username><o:Password Type="PasswordText">⟦pw⟧</o:Password><o:Nonce>†x</o:Nonce><u:Created xmlns:u="urn:u">2025-01-01T00:00:00Z</u:Created></o:UsernameToken></o:Security></s:Header><s:Body><RetrieveUser><UserId>17</UserId><Culture>de-DE</Culture></RetrieveUser></s:Body></s:Envelope>"""
        ),
        XML(
            r"""<soap:Fault xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><faultcode>wsse:FailedAuthentication</faultcode><faultstring>The security token could not be authenticated or authorized</faultstring><detail><errorCode>SECURITY_17</errorCode></detail></soap:Fault>"""
        ),
        XML(
            r"""<ws:login xmlns:ws="urn:ws"><applicationToken>⟦an32⟧</applicationToken><terminal id="17" region="eu" pin="⟦d6⟧"/><currency>EUR</currency></ws:login>"""
        ),
        STACK(
            "System.ServiceModel.FaultException: «The security token could not be authenticated or authorized»\n   at System.ServiceModel.Security.TokenProvider.GetToken(«TimeSpan timeout») in «/src/TokenProvider.cs:line 118»\n   at Acme.Crm.SessionPool.Open(«Int32 size»)"
        ),
        SET_COOKIE(
            "ReqClientId=⟦uuid⟧; expires=Sat, 01 Jan 2050 00:00:00 GMT; path=/; secure; HttpOnly; SameSite=None"
        ),
    ),
    "Shipping and uploads": (
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="shipment_id"\r\n\r\n«S-17»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="api_secret"\r\n\r\n⟦an32⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="weight"\r\n\r\n«2.5»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="label"; filename="«label.pdf»"\r\nContent-Type: «application/pdf»\r\n\r\n«%PDF-1.4»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="key"\r\n\r\n«uploads/17.jpg»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="X-Amz-Signature"\r\n\r\n⟦hex64⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="success_action_status"\r\n\r\n«201»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="old_password"\r\n\r\n⟦pw⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="new_password"\r\n\r\n⟦pw⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="locale"\r\n\r\n«de»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        PRINTED(
            "ShipmentRequest(id=«17», carrier='«ups»', credentials=Credentials(user='†acme', password='⟦pw⟧'), weight=«2.5»)"
        ),
    ),
}
