"""Payments and shops."""

from tests.masking.services.shapes import (
    ANSWERED,
    COMMAND,
    COOKIE,
    ENV,
    EVENT,
    FORM,
    HEADERS,
    HTML,
    INI,
    JSON,
    LOG,
    MESSAGE,
    PRINTED,
    SET_COOKIE,
    URL,
    XML,
)  # fmt: skip

SERVICES = {
    "Stripe": (
        JSON(
            r"""{"id":"pi_3NG8Du2eZvKYlo2C1GMj6w4J","object":"payment_intent","amount":2000,"currency":"usd","client_secret":"⟦pi_3NG8Du2eZvKYlo2C1GMj6w4J_secret_|an25⟧","livemode":false,"status":"requires_payment_method","payment_method_types":["card","link"],"description":"Order 6735","metadata":{"order_id":"6735"},"created":1686089970}"""
        ),
        JSON(
            r"""{"id":"we_1Mr5jULkdIwHu7ix1ibLTM0x","object":"webhook_endpoint","enabled_events":["charge.failed","charge.succeeded"],"secret":"⟦whsec_|an32⟧","status":"enabled","url":"https://shop.example/hook","api_version":null}"""
        ),
        JSON(
            r"""{"error":{"code":"resource_missing","doc_url":"https://stripe.com/docs/error-codes/resource-missing","message":"No such customer: 'cus_9s6XKzkNRiz8i3'","param":"customer","request_log_url":"https://dashboard.stripe.com/test/logs/req_O8lXQJJ2PzLqWz","type":"invalid_request_error"}}"""
        ),
        FORM(
            r"""amount=2000&currency=usd&card[number]=⟦cardnumber⟧&card[exp_month]=8&card[exp_year]=2029&card[cvc]=⟦d3⟧&description=Order+6735"""
        ),
        HEADERS(
            "Authorization: Bearer ⟦sk_live_|an24⟧\nStripe-Version: 2024-06-20\nIdempotency-Key: KG5LxwFBepaKHyUD\nContent-Type: application/x-www-form-urlencoded"
        ),
        MESSAGE("Invalid API Key provided: ⟦sk_test_|an24⟧ for request «req_O8lXQJJ2PzLqWz»"),
    ),
    "Adyen": (
        JSON(
            r"""{"amount":{"currency":"EUR","value":1000},"reference":"order-17","paymentMethod":{"type":"scheme","number":"⟦cardnumber⟧","expiryMonth":"03","expiryYear":"2030","holderName":"John Smith","cvc":"⟦d3⟧"},"returnUrl":"https://shop.example/done","merchantAccount":"AcmeECOM"}"""
        ),
        JSON(
            r"""{"id":"CS451F2AB1ED897A94","sessionData":"⟦base200⟧","amount":{"currency":"EUR","value":100},"expiresAt":"2025-11-08T12:47:20+01:00","countryCode":"NL","merchantAccount":"AcmeECOM"}"""
        ),
        JSON(
            r"""{"live":"false","notificationItems":[{"NotificationRequestItem":{"additionalData":{"hmacSignature":"⟦base43+=⟧"},"eventCode":"AUTHORISATION","success":"true","pspReference":"7914073381342284","amount":{"value":1130,"currency":"EUR"},"eventDate":"2025-05-06T17:15:34.121+02:00"}}]}"""
        ),
        HEADERS("X-API-Key: ⟦AQ|an140⟧\nContent-Type: application/json\nIdempotency-Key: 5f1a6b3c"),
    ),
    "Razorpay": (
        JSON(
            r"""{"entity":"event","account_id":"acc_BFQ7uQEaa7j2z7","event":"payment.captured","contains":["payment"],"payload":{"payment":{"entity":{"id":"pay_DESlfW9H8K9uqM","amount":100,"currency":"INR","status":"captured","order_id":"order_DESlLckIVRkHWj","method":"netbanking","bank":"HDFC","contact":"+919876543210","fee":2,"tax":0,"error_code":null}}},"created_at":1567674606}"""
        ),
        FORM(
            "razorpay_payment_id=pay_29QQoUBi66xm2f&razorpay_order_id=order_9A33XWu170gUtm&razorpay_signature=⟦hex64⟧"
        ),
        ENV(
            "RAZORPAY_KEY_ID=†rzp_live_1DP5mmOlF5G5ag\nRAZORPAY_KEY_SECRET=⟦an24⟧\nRAZORPAY_MODE=live\nRAZORPAY_TIMEOUT=30\n"
        ),
        HEADERS("X-Razorpay-Signature: ⟦hex64⟧\nX-Razorpay-Event-Id: evt_17\nContent-Type: application/json"),
    ),
    "Mollie": (
        JSON(
            r"""{"resource":"payment","id":"tr_7UhSN1zuXS","mode":"test","amount":{"value":"10.00","currency":"EUR"},"status":"open","isCancelable":false,"locale":"nl_NL","profileId":"pfl_QkEhN94Ba","sequenceType":"oneoff","redirectUrl":"https://shop.example/return","_links":{"self":{"href":"https://api.mollie.com/v2/payments/tr_7UhSN1zuXS","type":"application/hal+json"}}}"""
        ),
        HEADERS("Authorization: Bearer ⟦live_|an30⟧\nAccept: application/hal+json"),
        FORM("id=tr_7UhSN1zuXS&testmode=true"),
        LOG(
            "«2025-06-01T10:00:00Z» «INFO» mollie: POST «/v2/payments» «201» in «154»ms profile=«pfl_QkEhN94Ba» api_key=⟦test_|an30⟧"
        ),
    ),
    "Shopify": (
        JSON(
            r"""{"data":{"shop":{"name":"Acme","currencyCode":"USD","plan":{"displayName":"Basic"}}},"extensions":{"cost":{"requestedQueryCost":3,"actualQueryCost":3,"throttleStatus":{"maximumAvailable":2000,"currentlyAvailable":1997,"restoreRate":100}}}}"""
        ),
        JSON(
            r"""{"query":"mutation($input: StorefrontAccessTokenInput!) { storefrontAccessTokenCreate(input: $input) { shop { id } } }","variables":{"input":{"title":"app","accessToken":"⟦hex32⟧"}},"operationName":"Create"}"""
        ),
        JSON(
            r"""{"access_token":"⟦shpat_|hex32⟧","scope":"write_orders,read_customers","expires_in":86399,"associated_user":{"id":902541635,"first_name":"John","email":"john@example.com","account_owner":true,"locale":"en"}}"""
        ),
        HEADERS(
            "X-Shopify-Access-Token: ⟦shpat_|hex32⟧\nX-Shopify-Topic: orders/create\nX-Shopify-Shop-Domain: acme.myshopify.com\nX-Shopify-API-Version: 2025-01\nX-Shopify-Hmac-Sha256: ⟦base43+=⟧"
        ),
        URL(
            "https://app.example/auth/callback?code=⟦hex32⟧&hmac=⟦hex64⟧&host=†YWRtaW4&shop=acme.myshopify.com&state=†0.6784&timestamp=1337178173"
        ),
        ANSWERED(
            "X-Shopify-Shop-Api-Call-Limit: 32/40\nX-Request-Id: 7b5a2f7e-9d1c\nContent-Language: en\nVary: Accept-Encoding"
        ),
        SET_COOKIE("_shopify_s=⟦an36⟧; Domain=acme.example; Path=/; SameSite=Lax"),
    ),
    "WooCommerce": (
        URL(
            "https://shop.example/wp-json/wc/v3/orders?consumer_key=⟦ck_|hex40⟧&consumer_secret=⟦cs_|hex40⟧&per_page=20&status=processing"
        ),
        EVENT(
            r"""{"id":727,"parent_id":0,"number":"727","order_key":"†wc_order_58d2d042d1d","created_via":"rest-api","version":"3.0.0","status":"processing","currency":"USD","date_created":"2017-03-22T16:28:02","discount_total":"0.00","total":"29.35","prices_include_tax":false,"customer_ip_address":"203.0.113.7","billing":{"first_name":"John","city":"San Francisco","postcode":"94103","country":"US"},"payment_method":"bacs","line_items":[{"id":315,"name":"Woo Single","product_id":93,"quantity":2,"sku":"A-1"}]}"""
        ),
        PRINTED(
            "Array\n(\n    [method] => «GET»\n    [consumer_key] => ⟦ck_|hex40⟧\n    [consumer_secret] => ⟦cs_|hex40⟧\n    [per_page] => «20»\n)"
        ),
    ),
    "PayPal": (
        JSON(
            r"""{"scope":"https://uri.paypal.com/services/invoicing openid","access_token":"⟦A21AA|url90⟧","token_type":"Bearer","app_id":"APP-80W284485P519543T","expires_in":31668,"nonce":"†2020-04-03T15:35:36Z"}"""
        ),
        EVENT(
            r"""{"id":"WH-7Y7254563A4550640-11V2185806837105M","event_version":"1.0","create_time":"2025-02-18T10:57:51Z","resource_type":"capture","event_type":"PAYMENT.CAPTURE.COMPLETED","summary":"Payment completed for $ 2.51 USD","resource":{"id":"8U481631H66031715","status":"COMPLETED","final_capture":true,"amount":{"currency_code":"USD","value":"2.51"},"seller_protection":{"status":"ELIGIBLE"}}}"""
        ),
        HEADERS(
            "PAYPAL-TRANSMISSION-SIG: †x\nPAYPAL-TRANSMISSION-TIME: 2025-02-18T10:57:51Z\nPAYPAL-AUTH-ALGO: SHA256withRSA\nPayPal-Request-Id: 7b92603e-77ed-4896-8e78-5dea2050476a"
        ),
        FORM(
            "USER=jo_api1.acme.example&PWD=⟦an16⟧&SIGNATURE=⟦an56⟧&METHOD=SetExpressCheckout&VERSION=124.0&PAYMENTREQUEST_0_AMT=10.00"
        ),
        COMMAND(
            'curl -v «https://api-m.sandbox.paypal.com/v1/oauth2/token» -u "†AXclient:⟦url80⟧" -H "Accept: «application/json»" -d "grant_type=«client_credentials»"'
        ),
        JSON(r"""{"error":"invalid_client","error_description":"Client Authentication failed"}"""),
    ),
    "Square": (
        JSON(
            r"""{"merchant_id":"6SSW7HV8K2ST5","type":"payment.created","event_id":"13b867cf-db3d-4b1c-90b6-2f32a9d78124","created_at":"2025-02-06T21:27:34.308Z","data":{"type":"payment","id":"KkAkhdMsgzn59SM8A89WgKwekxLZY","object":{"payment":{"amount_money":{"amount":100,"currency":"USD"},"card_details":{"avs_status":"AVS_ACCEPTED","card":{"bin":"540988","card_brand":"MASTERCARD","exp_month":11,"exp_year":2028,"last_4":"9029"},"cvv_status":"CVV_ACCEPTED","entry_method":"KEYED","status":"CAPTURED"},"delay_duration":"PT168H","receipt_number":"KkAk"}}}}"""
        ),
        HEADERS(
            "Square-Version: 2025-01-23\nAuthorization: Bearer ⟦EAAA|url60⟧\nx-square-hmacsha256-signature: ⟦base43+=⟧"
        ),
        JSON(
            r"""{"client_id":"sq0idp-abc","client_secret":"⟦sq0csp-|url43⟧","code":"⟦sq0cgb-|url22⟧","grant_type":"authorization_code"}"""
        ),
        JSON(
            r"""{"source_id":"†cnon:card-nonce-ok","idempotency_key":"«~uuid»","amount_money":{"amount":1000,"currency":"USD"},"autocomplete":true,"verification_token":"⟦url40⟧"}"""
        ),
        ENV(
            "SQUARE_ACCESS_TOKEN=⟦EAAA|url60⟧\nSQUARE_ENVIRONMENT=sandbox\nSQUARE_LOCATION_ID=L88917AVBK2S5\nSQUARE_WEBHOOK_SIGNATURE_KEY=⟦url22⟧\n"
        ),
    ),
    "Braintree": (
        XML(
            r"""<customer><id>17</id><first-name>Jo</first-name><company>Acme</company><credit-card><number>⟦cardnumber⟧</number><cvv>⟦d3⟧</cvv><expiration-date>05/2029</expiration-date><cardholder-name>Jo Doe</cardholder-name></credit-card><payment-method-nonce nil="true"/></customer>"""
        ),
        JSON(
            r"""{"data":{"createClientToken":{"clientToken":"⟦eyJ2|base300⟧"}},"extensions":{"requestId":"«~uuid»"}}"""
        ),
        FORM("bt_signature=⟦an16+%7C+hex40⟧&bt_payload=†PG5vdGlmaWNhdGlvbj4&kind=check"),
        INI(
            "[braintree]\nenvironment = sandbox\nmerchant_id = abc123\npublic_key = 9f4e2d1c\nprivate_key = ⟦hex32⟧\ntimeout = 60\n"
        ),
        PRINTED(
            '#<Braintree::Transaction id: "«8wbdng»", type: "«sale»", amount: "«10.0»", status: "«authorized»", cvv: "⟦d3⟧", order_id: «nil»>'
        ),
    ),
    "Klarna": (
        JSON(
            r"""{"session_id":"†068df369","client_token":"⟦eyJhbGciOiJub25lIn0.|url200⟧","payment_method_categories":[{"asset_urls":{"descriptive":"https://x.klarnacdn.net/badge.svg"},"identifier":"pay_later","name":"Pay later."}]}"""
        ),
        JSON(r"""{"correlation_id":"«~uuid»","error_code":"BAD_VALUE","error_messages":["Bad value: order_amount"]}"""),
        HEADERS("Authorization: Basic ⟦base60⟧\nKlarna-Correlation-Id: 6a9a9b6c\nContent-Type: application/json"),
        LOG("«WARN» klarna authorize failed status=«403» merchant=«K123» password=⟦pw⟧ order=«order-17» amount=«1000»"),
    ),
    "Magento": (
        JSON(r"""{"username":"admin","password":"⟦pw⟧"}"""),
        COOKIE(
            "PHPSESSID=⟦lan26⟧; form_key=⟦an16⟧; mage-messages=†; store=default; currency=EUR; private_content_version=†2b17b9"
        ),
        HTML(
            '<form class="form-login" method="post" action="https://shop.example/customer/account/loginPost/"><input name="form_key" type="hidden" value="⟦an16⟧" /><input name="login[username]" value="jo@acme.example" /><input name="login[password]" type="password" value="⟦pw⟧" /><button type="submit" title="Sign In"><span>Sign In</span></button></form>'
        ),
        MESSAGE(
            "Magento\\Framework\\Exception\\AuthenticationException: «The account sign-in was incorrect or your account is disabled temporarily.»"
        ),
        URL("https://shop.example/customer/account/createPassword/?id=17&token=⟦an32⟧&store=default"),
        PRINTED(
            'array(3) {\n  ["host"]=>\n  string(4) "«db-1»"\n  ["password"]=>\n  string(20) "⟦pw⟧"\n  ["dbname"]=>\n  string(7) "«magento»"\n}'
        ),
        ANSWERED("X-Magento-Cache-Debug: MISS\nX-Frame-Options: SAMEORIGIN\nExpires: -1\nPragma: no-cache"),
    ),
}
