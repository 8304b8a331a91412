"""Customers, books, shops and offices."""

from tests.masking.services.shapes import (
    CALL_ERROR,
    COMMAND,
    COOKIE,
    ENV,
    FORM,
    HEADERS,
    HTML,
    INI,
    JSON,
    MULTIPART,
    STACK,
    URL,
    XML,
    YAML,
)  # fmt: skip

SERVICES = {
    "Pipedrive": (
        URL("https://acme.pipedrive.com/api/v1/deals?api_token=⟦hex40⟧&status=open&start=0&limit=100"),
        JSON(
            r"""{"success":true,"data":{"id":1,"title":"Acme deal","value":1000,"currency":"USD","stage_id":2,"status":"open","probability":null,"visible_to":"3","org_name":"Acme","person_name":"Jo","cc_email":"acme+deal1@pipedrivemail.com","add_time":"2025-05-29 04:21:51"},"additional_data":{"pagination":{"start":0,"limit":100,"more_items_in_collection":false,"next_cursor":"eyJmaWVsZCI6ImlkIiwiZmllbGRWYWx1ZSI6MX0"}}}"""
        ),
        JSON(
            r"""{"success":false,"error":"unauthorized access","errorCode":401,"error_info":"Please check developers.pipedrive.com"}"""
        ),
        CALL_ERROR(
            "AxiosError: Request failed with status code «429» at GET https://api.pipedrive.com/v1/persons/search?term=«jo»&api_token=⟦hex40⟧&limit=«10»"
        ),
    ),
    "NetSuite": (
        HEADERS(
            'Authorization: OAuth realm="«123456_SB1»", oauth_consumer_key="†71cc02b731f05895", oauth_token="⟦hex64⟧", oauth_signature_method="«HMAC-SHA256»", oauth_timestamp="«1764000000»", oauth_nonce="†fjaLirsIcCGVZWzBX0pg", oauth_version="«1.0»", oauth_signature="⟦an43⟧%3D"\nPrefer: respond-async'
        ),
        XML(
            r"""<soap:Header><ns:tokenPassport><ns:account>TSTDRV1234567</ns:account><ns:consumerKey>†71cc02b7</ns:consumerKey><ns:token>⟦hex64⟧</ns:token><ns:nonce>†Qn4hmkyPAW8vyFm0</ns:nonce><ns:timestamp>1764000000</ns:timestamp><ns:signature algorithm="HMAC_SHA256">⟦base43+=⟧</ns:signature></ns:tokenPassport><ns:preferences><ns:warningAsError>false</ns:warningAsError></ns:preferences></soap:Header>"""
        ),
        JSON(
            r"""{"type":"https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.2","title":"Unauthorized","status":401,"o:errorDetails":[{"detail":"Invalid login attempt. For more details, see the Login Audit Trail.","o:errorCode":"INVALID_LOGIN"}]}"""
        ),
        INI(
            "[netsuite]\naccount = 123456_SB1\nconsumer_key = †71cc02b7\nconsumer_secret = ⟦hex64⟧\ntoken_id = ⟦hex64⟧\ntoken_secret = ⟦hex64⟧\npage_size = 1000\n"
        ),
    ),
    "SAP": (
        HEADERS("x-csrf-token: ⟦url22+==⟧\nsap-client: 100\nsap-language: EN\nAccept: application/json"),
        COOKIE("SAP_SESSIONID_S4H_100=⟦url44⟧; sap-usercontext=sap-client=100; MYSAPSSO2=⟦AjQxMDM|base120⟧"),
        JSON(
            r"""{"d":{"results":[{"__metadata":{"uri":"https://s4.example/sap/opu/odata/sap/API_SALES_ORDER_SRV/A_SalesOrder('1')","type":"API_SALES_ORDER_SRV.A_SalesOrderType","etag":"W/\"datetimeoffset'2025-01-12T09%3A19%3A57Z'\""},"SalesOrder":"1","SalesOrderType":"OR","SoldToParty":"17100001","TransactionCurrency":"USD","TotalNetAmount":"17.55","OverallSDProcessStatus":"C"}]}}"""
        ),
        JSON(
            r"""{"error":{"code":"CX_SADL_RUNTIME_DISPATCHED/040","message":{"lang":"en","value":"CSRF token validation failed"},"innererror":{"transactionid":"A1B2C3D4E5F60000E005C4E2","timestamp":"20250112091957.1234560","Error_Resolution":{"SAP_Transaction":"Run transaction /IWFND/ERROR_LOG on SAP Gateway hub system"}}}}"""
        ),
        INI(
            "jco.client.ashost=s4.example\njco.client.sysnr=00\njco.client.client=100\njco.client.user=RFC_SHOP\njco.client.passwd=⟦pw⟧\njco.client.lang=EN\njco.destination.pool_capacity=3\n"
        ),
        STACK(
            "com.sap.conn.jco.JCoException: («103») «JCO_ERROR_LOGON_FAILURE»: «Name or password is incorrect (repeat logon)» on «s4.example» sysnr «00»\n\tat com.sap.conn.jco.rt.MiddlewareJavaRfc.generateJCoException(«MiddlewareJavaRfc.java:779»)\n\tat com.sap.conn.rfc.api.RfcApi.RfcOpenEx(«RfcApi.java:157»)\nConnection parameters: CLIENT=«100» USER=«RFC_SHOP» PASSWD=⟦pw⟧ LANG=«EN» ASHOST=«s4.example»"
        ),
    ),
    "Freshdesk and Odoo": (
        COMMAND(
            "curl -v -u ⟦an20⟧:X -H \"Content-Type: «application/json»\" -X GET '«https://acme.freshdesk.com/api/v2/tickets?per_page=30»'"
        ),
        XML(
            r"""<?xml version="1.0"?><methodCall><methodName>execute_kw</methodName><params><param><value><string>acme-main</string></value></param><param><value><int>2</int></value></param><param><value><string>⟦hex40⟧</string></value></param><param><value><string>res.partner</string></value></param><param><value><string>search_read</string></value></param></params></methodCall>"""
        ),
        JSON(
            r"""{"jsonrpc":"2.0","method":"call","params":{"db":"acme-main","login":"admin","password":"⟦pw⟧"},"id":17}"""
        ),
        INI(
            "[options]\nadmin_passwd = ⟦pw⟧\ndb_host = 10.0.0.7\ndb_port = 5432\ndb_user = odoo\ndb_password = ⟦pw⟧\nworkers = 4\nlimit_time_real = 120\nproxy_mode = True\n"
        ),
        COOKIE("session_id=⟦hex40⟧; frontend_lang=de_DE; tz=Europe/Berlin; cids=1"),
        JSON(
            r"""{"description":"Validation failed","errors":[{"field":"email","message":"It should be a valid email","code":"invalid_value"},{"field":"password","message":"It should contain elements of type String only","code":"datatype_mismatch"}]}"""
        ),
    ),
    "Jira and Confluence": (
        JSON(
            r"""{"session":{"name":"JSESSIONID","value":"⟦uphex32⟧"},"loginInfo":{"failedLoginCount":10,"loginCount":127,"lastFailedLoginTime":"2025-03-22T02:00:00.0+0000","previousLoginTime":"2025-03-22T02:00:00.0+0000"}}"""
        ),
        JSON(
            r"""{"key":"acme-addon","clientKey":"unique-client-identifier","publicKey":"†MIGf","sharedSecret":"⟦an66⟧","serverVersion":"100290","pluginsVersion":"1001.0.0","baseUrl":"https://acme.atlassian.net","productType":"jira","eventType":"installed"}"""
        ),
        COOKIE(
            "atlassian.xsrf.token=⟦uan4+-+uan4+_+hex40⟧_lin; cloud.session.token=⟦jwt⟧; JSESSIONID=⟦uphex32⟧; jira.preview.theme=light"
        ),
        COMMAND(
            'curl -D- -u «jo@example.com»:⟦ATATT3xFfGF0|url170⟧ -X GET -H "Content-Type: «application/json»" "«https://acme.atlassian.net/rest/api/3/issue/AUTH-17»"'
        ),
        URL(
            "https://acme.atlassian.net/plugins/servlet/ac/acme-addon/panel?xdm_e=https%3A%2F%2Facme.atlassian.net&cp=%2Fwiki&lic=active&jwt=⟦jwt⟧"
        ),
        XML(
            "<jira-configuration><jndi-datasource><jndi-name>java:comp/env/jdbc/JiraDS</jndi-name></jndi-datasource><jdbc-datasource><url>jdbc:postgresql://db:5432/jiradb</url><driver-class>org.postgresql.Driver</driver-class><username>jirauser</username><password>⟦pw⟧</password><pool-min-size>40</pool-min-size><validation-query>select 1</validation-query></jdbc-datasource></jira-configuration>"
        ),
    ),
    "Notion": (
        JSON(
            r"""{"object":"list","results":[{"object":"page","id":"«~uuid»","created_time":"2025-03-01T19:05:00.000Z","archived":false,"properties":{"Password policy":{"id":"%3AUPp","type":"rich_text"},"Token budget":{"id":"A%40Hk","type":"number","number":4096}}}],"next_cursor":"fe2cc560-036c-44cd-90e8-294d5a74cebc","has_more":true}"""
        ),
        HEADERS("Authorization: Bearer ⟦secret_|an43⟧\nNotion-Version: 2022-06-28\nContent-Type: application/json"),
        JSON(
            r"""{"access_token":"⟦ntn_|an46⟧","bot_id":"«~uuid»","duplicated_template_id":null,"owner":{"workspace":true},"workspace_icon":"https://acme.example/icon.png","workspace_id":"«~uuid»","workspace_name":"Acme"}"""
        ),
        COOKIE(
            "token_v2=⟦v02%3Auser_token_or_cookies%3A|url90⟧; notion_user_id=a1b2c3d4-0000-4000-8000-000000000001; notion_locale=en-US/autodetect"
        ),
    ),
    "Airtable": (
        HEADERS(
            "Authorization: Bearer ⟦pat|an14+.+hex64⟧\nX-Airtable-Client-Secret: ⟦an40⟧\nContent-Type: application/json"
        ),
        JSON(
            r"""{"records":[{"id":"rec560UJdUtocSouk","createdTime":"2025-09-12T21:03:48.000Z","fields":{"Address":"333 Post St","Name":"Union Square","Visited":true,"Keys handed out":2}}],"offset":"itr23sEjsdfEr3282/rec560UJdUtocSouk"}"""
        ),
        JSON(
            r"""{"id":"ach00000000000001","macSecretBase64":"⟦base160+=⟧","expirationTime":"2025-01-20T00:00:00.000Z","notificationUrl":"https://acme.example/airtable","cursorForNextPayload":5}"""
        ),
        JSON(
            r"""{"error":{"type":"INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND","message":"Invalid permissions, or the requested model was not found."}}"""
        ),
    ),
    "Shopware": (
        JSON(
            r"""{"grant_type":"client_credentials","client_id":"SWIAC3HJVHFJMHQYRWRUM1E1SG","client_secret":"⟦an50⟧"}"""
        ),
        HEADERS("sw-access-key: †SWSC\nsw-context-token: ⟦an32⟧\nsw-language-id: 2fbb5fe2e29a4d70aa5854ce7ce3e20b"),
        ENV(
            "APP_ENV=prod\nAPP_SECRET=⟦hex64⟧\nINSTANCE_ID=uWVSt1QGNPRcPHMmQYgTrq0fBzGUmyUn\nDATABASE_URL=mysql://shopware:⟦pw⟧@db:3306/«shopware»\nSHOPWARE_ES_ENABLED=1\nSHOPWARE_HTTP_CACHE_ENABLED=1\n"
        ),
        JSON(r"""{"contextToken":"⟦an32⟧","redirectUrl":null,"apiAlias":"array_struct"}"""),
        JSON(
            r"""{"errors":[{"code":"CHECKOUT__CUSTOMER_AUTH_BAD_CREDENTIALS","status":"401","title":"Unauthorized","detail":"Invalid username and/or password.","meta":{"parameters":[]}}]}"""
        ),
        HTML(
            '<form class="login-form" action="/account/login" method="post"><input type="hidden" name="redirectTo" value="frontend.account.home.page"><input type="hidden" name="_csrf_token" value="⟦hex12+.+url43+.+url43⟧"><input type="email" name="username" value="jo@example.com" autocomplete="username"><input type="password" name="password" value="⟦pw⟧"><div class="alert-content">Could not find an account that matches the given credentials.</div></form>'
        ),
    ),
    "BigCommerce": (
        HEADERS("X-Auth-Token: ⟦lan31⟧\nX-Auth-Client: ⟦lan31⟧\nAccept: application/json"),
        JSON(
            r"""{"access_token":"⟦lan31⟧","scope":"store_v2_orders","user":{"id":24654,"email":"merchant@mybigcommerce.example"},"context":"stores/g5cd38"}"""
        ),
        URL("https://app.example.com/load?signed_payload_jwt=⟦jwt⟧&lang=en"),
        JSON(
            r"""{"scope":"store/order/statusUpdated","store_id":"1025646","data":{"type":"order","id":173331,"status":{"previous_status_id":0,"new_status_id":11}},"hash":"3f9ea420af83450d7ef9f78b08c8af25b2213637","created_at":1561482670,"producer":"stores/g5cd38"}"""
        ),
        FORM(
            "client_id=bdg4hqkr&client_secret=⟦hex64⟧&code=⟦lan31⟧&scope=store_v2_orders&grant_type=authorization_code&context=stores%2Fg5cd38"
        ),
    ),
    "eBay": (
        HEADERS(
            "X-EBAY-API-SITEID: 0\nX-EBAY-API-COMPATIBILITY-LEVEL: 967\nX-EBAY-API-CALL-NAME: GetMyeBaySelling\nX-EBAY-API-IAF-TOKEN: v^1.1#i^1#p^3#r^0#I^3#f^0#t^⟦base92⟧\nX-EBAY-C-MARKETPLACE-ID: EBAY_DE"
        ),
        XML(
            r"""<?xml version="1.0" encoding="utf-8"?><GetOrdersRequest xmlns="urn:ebay:apis:eBLBaseComponents"><RequesterCredentials><eBayAuthToken>⟦AgAAAA**AQAAAA**aAAAAA**|base120⟧</eBayAuthToken></RequesterCredentials><ErrorLanguage>en_US</ErrorLanguage><WarningLevel>High</WarningLevel><CreateTimeFrom>2025-01-01T20:34:44.000Z</CreateTimeFrom><OrderRole>Seller</OrderRole><OrderStatus>Active</OrderStatus></GetOrdersRequest>"""
        ),
        XML(
            r"""<GetOrdersResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Timestamp>2025-01-01T20:34:45.000Z</Timestamp><Ack>Failure</Ack><Errors><ShortMessage>Auth token is invalid.</ShortMessage><LongMessage>Validation of the authentication token in API request failed.</LongMessage><ErrorCode>931</ErrorCode><SeverityCode>Error</SeverityCode></Errors><Version>967</Version><Build>E967_CORE_APISIGNIN</Build></GetOrdersResponse>"""
        ),
        JSON(
            r"""{"access_token":"v^1.1#i^1#p^3#r^1#I^3#f^0#t^⟦base92⟧","expires_in":7200,"refresh_token":"v^1.1#i^1#f^0#r^1#I^3#p^3#t^⟦base92⟧","refresh_token_expires_in":47304000,"token_type":"User Access Token"}"""
        ),
        YAML(
            "api.ebay.com:\n  appid: AcmeInc-Shop-PRD-a1b2c3\n  certid: ⟦PRD-|hex12+-+hex4+-+hex4⟧\n  devid: 4a1c2a30-1df5-4a40-9d5e-5f1d7a3b9c11\n  redirecturi: Acme_Inc-AcmeInc-Shop-xyz\n  compatibility: 967\n"
        ),
    ),
    "Amazon Selling Partner": (
        HEADERS(
            "x-amz-access-token: ⟦Atza|base160⟧\nx-amz-date: 20250101T123600Z\nuser-agent: Acme Shop/2.0 (Language=Java/1.8.0.221; Platform=Windows/10)"
        ),
        FORM(
            "grant_type=refresh_token&refresh_token=⟦Atzr%7C|url180⟧&client_id=amzn1.application-oa2-client.0123&client_secret=⟦amzn1.oa2-cs.v1.|hex64⟧"
        ),
        JSON(
            r"""{"payload":{"MarketplaceId":"ATVPDKIKX0DER","AmazonOrderId":"902-3159896-1390916","OrderStatus":"Shipped","NumberOfItemsShipped":1,"NextToken":"2YgYW55IGNhcm5hbCBwbGVhc3VyZS4","EarliestShipDate":"2025-01-01T00:00:00Z","IsPrime":false}}"""
        ),
        JSON(r"""{"restrictedDataToken":"⟦Atz.sprdt|base120⟧","expiresIn":3600}"""),
        JSON(
            r"""{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.","details":"The access token you provided has expired."}]}"""
        ),
    ),
    "DocuSign and Dropbox": (
        FORM("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=⟦jwt⟧"),
        XML(
            r"""<?xml version="1.0" encoding="utf-8"?><DocuSignEnvelopeInformation xmlns="http://www.docusign.net/API/3.0"><EnvelopeStatus><RecipientStatuses><RecipientStatus><Type>Signer</Type><Email>jo@example.com</Email><Sent>2025-03-23T00:33:19.21</Sent><Status>Completed</Status><RoutingOrder>1</RoutingOrder><AccessCode>⟦pw⟧</AccessCode></RecipientStatus></RecipientStatuses><EnvelopeID>0aa561b8-b4d9-47e0-a615-2367971f876b</EnvelopeID><Subject>Please sign: token agreement.pdf</Subject></EnvelopeStatus></DocuSignEnvelopeInformation>"""
        ),
        HEADERS(
            "X-DocuSign-Signature-1: ⟦base43+=⟧\nX-Dropbox-Signature: ⟦hex64⟧\nContent-Type: text/xml; charset=utf-8"
        ),
        HEADERS(
            'Authorization: Bearer ⟦sl.|url130⟧\nDropbox-API-Arg: {"path":"/Homework/math/Prime_Numbers.txt"}\nDropbox-API-Select-User: dbmid:FDFSVF-DFSDF'
        ),
        JSON(r"""{"error_summary":"expired_access_token/...","error":{".tag":"expired_access_token"}}"""),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="integrator_key"\r\n\r\n†4a1c2a30-1df5\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="emailSubject"\r\n\r\n«Please sign»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="documents"; filename="«contract.txt»"\r\nContent-Type: text/plain\r\n\r\n«Page 1 of 3»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="account_password"\r\n\r\n⟦pw⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="status"\r\n\r\n«sent»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
    ),
}
