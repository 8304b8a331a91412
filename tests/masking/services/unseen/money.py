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
    URL,
    XML,
)

SERVICES = {
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
