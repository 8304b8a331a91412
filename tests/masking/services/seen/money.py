"""Payments and shops."""

from tests.masking.services.shapes import (
    ANSWERED,
    ENV,
    EVENT,
    FORM,
    HEADERS,
    JSON,
    LOG,
    MESSAGE,
    PRINTED,
    SET_COOKIE,
    URL,
)

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
}
