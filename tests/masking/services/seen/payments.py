"""Payments, banks and carriers."""

from tests.masking.services.shapes import (
    ENV,
    FORM,
    HEADERS,
    HTML,
    INI,
    JSON,
    LOG,
    MESSAGE,
    PRINTED,
    SQL,
    STACK,
    URL,
    XML,
)  # fmt: skip

SERVICES = {
    "PayU": (
        JSON(
            r"""{"access_token":"⟦uuid⟧","token_type":"bearer","expires_in":43199,"grant_type":"client_credentials"}"""
        ),
        FORM("grant_type=client_credentials&client_id=460718&client_secret=⟦hex32⟧"),
        JSON(
            r"""{"notifyUrl":"https://shop.example/notify","customerIp":"127.0.0.1","merchantPosId":"145227","description":"RTV market","currencyCode":"PLN","totalAmount":"21000","extOrderId":"4tq2sy1i","payMethods":{"payMethod":{"type":"CARD_TOKEN","value":"⟦TOKC_|an32⟧"}},"products":[{"name":"Wireless Mouse","unitPrice":"21000","quantity":"1"}]}"""
        ),
        HEADERS(
            "OpenPayu-Signature: sender=«checkout»;signature=⟦hex32⟧;algorithm=«MD5»;content=«DOCUMENT»\nContent-Type: application/json"
        ),
        URL("https://secure.payu.com/pay/?orderId=WZHF5FFDRJ140731GUEST000P01&lang=pl&token=⟦jwt⟧"),
        JSON(
            r"""{"status":{"statusCode":"ERROR_VALUE_INVALID","code":"8300","codeLiteral":"INVALID_TOKEN","statusDesc":"Card token is not valid for this POS"}}"""
        ),
        HTML(
            '<form method="post" action="https://secure.payu.com/api/v2_1/orders"><input type="hidden" name="customerIp" value="123.123.123.123"><input type="hidden" name="merchantPosId" value="145227"><input type="hidden" name="totalAmount" value="1000"><input type="hidden" name="OpenPayu-Signature" value="sender=«145227»;algorithm=«SHA-256»;signature=⟦hex64⟧"><button type="submit">Pay with PayU</button></form>'
        ),
    ),
    "Worldpay": (
        XML(
            r"""<?xml version="1.0" encoding="UTF-8"?><paymentService version="1.4" merchantCode="MYMERCHANT"><submit><order orderCode="ORD-2025-17" installationId="1234"><description>20 red roses</description><amount currencyCode="GBP" exponent="2" value="5000"/><paymentDetails><CARD-SSL><cardNumber>⟦cardnumber⟧</cardNumber><cardHolderName>A. Shopper</cardHolderName><cvc>⟦d3⟧</cvc></CARD-SSL></paymentDetails><shopper><shopperEmailAddress>jo@example.com</shopperEmailAddress></shopper></order></submit></paymentService>"""
        ),
        XML(
            r"""<paymentService version="1.4" merchantCode="MYMERCHANT"><reply><orderStatus orderCode="ORD-2025-17"><payment><paymentMethod>VISA-SSL</paymentMethod><lastEvent>REFUSED</lastEvent><ISO8583ReturnCode code="51" description="LIMIT EXCEEDED"/><CVCResultCode description="NOT SENT TO ACQUIRER"/><riskScore value="1"/></payment><token><paymentTokenID>†9902480679618049603</paymentTokenID><tokenEventReference>TOK17</tokenEventReference></token></orderStatus></reply></paymentService>"""
        ),
        MESSAGE(
            "com.worldpay.WorldpayException: order «ORD-2025-17» with card ⟦cardnumber⟧ ¦was «REFUSED», ISO8583 code «51»"
        ),
    ),
    "Checkout.com": (
        JSON(
            r"""{"source":{"type":"token","token":"⟦tok_|lan26⟧"},"amount":6540,"currency":"USD","processing_channel_id":"pc_ovo75iz4hdyudnx6tu74mum3fq","reference":"ORD-5023-4E89","capture":true,"3ds":{"enabled":true,"attempt_n3d":false},"metadata":{"udf1":"TEST123"}}"""
        ),
        HEADERS(
            "Authorization: Bearer ⟦sk_|lan26⟧\nCko-Idempotency-Key: ord-5023-attempt-2\nContent-Type: application/json"
        ),
        JSON(
            r"""{"id":"pay_mbabizu24mvu3mela5njyhpit4","action_id":"act_mbabizu24mvu3mela5njyhpit4","amount":6540,"approved":true,"status":"Authorized","auth_code":"†770687","response_code":"10000","response_summary":"Approved","risk":{"flagged":false},"source":{"type":"card","scheme":"VISA","last4":"6584","bin":"448504","card_type":"Credit","issuer_country":"US","avs_check":"S","cvv_check":"Y"},"processed_on":"2025-09-10T10:11:12Z"}"""
        ),
        JSON(
            r"""{"request_id":"0HL80RJLS76I7","error_type":"request_invalid","error_codes":["token_expired","payment_source_required"]}"""
        ),
    ),
    "GoCardless": (
        JSON(
            r"""{"customer_bank_accounts":{"iban":"⟦iban⟧","account_holder_name":"Frank Osborne","country_code":"DE","links":{"customer":"CU0000ZMH7XQ"},"metadata":{"salesforce_id":"ABCD1234"}}}"""
        ),
        JSON(
            r"""{"events":[{"id":"EV00BD05S5VM2T","created_at":"2025-07-05T09:13:51.404Z","resource_type":"mandates","action":"created","links":{"mandate":"MD0000TN4GVN8D"},"details":{"origin":"api","cause":"mandate_created","description":"Mandate created via the API."}}],"meta":{"webhook_id":"WB0000Q7ZT7R2D"}}"""
        ),
        HEADERS(
            "Webhook-Signature: ⟦hex64⟧\nContent-Type: application/json\nUser-Agent: gocardless-webhook-service/1.1\nGoCardless-Version: 2015-07-06"
        ),
        FORM(
            "client_id=Wn4Exmp1e&client_secret=⟦url43⟧&redirect_uri=https%3A%2F%2Facme.example%2Fredirect&grant_type=authorization_code&code=⟦url43⟧"
        ),
        ENV(
            "GC_ACCESS_TOKEN=⟦live_|url40⟧\nGC_ENVIRONMENT=live\nGC_WEBHOOK_SECRET=⟦url40⟧\nGC_CREDITOR_ID=CR000035EME9H5\n"
        ),
    ),
    "Plaid": (
        JSON(
            r"""{"client_id":"†5f3d7a8b9c","secret":"⟦hex30⟧","client_name":"Acme Budget","country_codes":["US","CA"],"language":"en","user":{"client_user_id":"user-17"},"products":["auth","transactions"],"webhook":"https://acme.example/plaid"}"""
        ),
        JSON(
            r"""{"access_token":"⟦access-sandbox-|uuid⟧","item_id":"M5eVJqLnv3tbzdngLDp9FL5OlDNxlNhlE55op","request_id":"Aim3b"}"""
        ),
        HEADERS("PLAID-CLIENT-ID: 5f3d7a8b9c0d1e2f3a4b5c6d\nPLAID-SECRET: ⟦hex30⟧\nPlaid-Version: 2020-09-14"),
        JSON(
            r"""{"display_message":null,"documentation_url":"https://plaid.com/docs/?ref=error#invalid-input-errors","error_code":"INVALID_ACCESS_TOKEN","error_message":"could not find matching access token","error_type":"INVALID_INPUT","request_id":"HNTDNrA8F1shFEW","suggested_action":null}"""
        ),
        STACK(
            'Traceback (most recent call last):\n  File "«/var/task/sync.py»", line «41», in «pull_transactions»\n    response = client.transactions_sync(request)\n  File "«/opt/python/plaid/rest.py»", line «228», in «request»\n    raise ApiException(http_resp=r)\nplaid.exceptions.ApiException: («400»)\nReason: «Bad Request»\nHTTP request body: {"access_token":"⟦access-production-|uuid⟧","cursor":"«»","count":«500»}'
        ),
    ),
    "Wise": (
        JSON(
            r"""{"currency":"EUR","type":"iban","profile":30000000,"ownedByCustomer":true,"accountHolderName":"Ann Johnson","details":{"legalType":"PRIVATE","IBAN":"⟦iban⟧"}}"""
        ),
        HEADERS(
            "Authorization: Bearer ⟦uuid⟧\nAccept: application/json\nX-Request-Id: 8f1c2a30-1df5-4a40-9d5e-5f1d7a3b9c11"
        ),
        JSON(
            r"""{"id":16521632,"user":4342275,"targetAccount":8692237,"status":"incoming_payment_waiting","rate":0.89,"created":"2025-11-24 10:47:49","hasActiveIssues":false,"sourceCurrency":"EUR","sourceValue":0,"customerTransactionId":"«~uuid»","payinSessionId":null}"""
        ),
        LOG(
            "«2025-11-24T10:47:49Z» «INFO» wise transfer=«16521632» status=«outgoing_payment_sent» quote=«bdb3c1b5-9a0e-4d4b-8a0c-3a1e2f3d4c5b» target_iban=⟦iban⟧ rate=«0.89»"
        ),
    ),
    "Coinbase": (
        HEADERS(
            "CB-ACCESS-KEY: ⟦hex32⟧\nCB-ACCESS-SIGN: ⟦base43+=⟧\nCB-ACCESS-TIMESTAMP: 1764000000\nCB-ACCESS-PASSPHRASE: ⟦lan11⟧\nCB-VERSION: 2025-05-01"
        ),
        JSON(
            r"""{"name":"organizations/7f1c/apiKeys/9a0e","principal":"1f2e","principalType":"USER","publicKey":"-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n","createTime":"2025-05-01T10:00:00Z","nickname":"trading","privateKey":"-----BEGIN EC PRIVATE KEY-----\n⟦base64⟧\n⟦base64⟧\n-----END EC PRIVATE KEY-----\n"}"""
        ),
        PRINTED(
            "ApiError{statusCode: «401», id: '«authentication_error»', message: '«invalid signature»', request: {apiKey: '⟦an16⟧', apiSecret: '⟦an32⟧', version: '«2025-05-01»', timeout: «15000»}}"
        ),
    ),
    "PSD2 banks (Berlin Group)": (
        JSON(
            r"""{"access":{"accounts":[{"iban":"⟦iban⟧","currency":"EUR"}],"balances":[],"transactions":[]},"recurringIndicator":true,"validUntil":"2025-11-01","frequencyPerDay":4,"combinedServiceIndicator":false}"""
        ),
        JSON(
            r"""{"scaStatus":"psuAuthenticated","scaMethods":[{"authenticationType":"SMS_OTP","authenticationMethodId":"901","name":"SMS-TAN","authenticationVersion":"v1.2"}],"_links":{"scaStatus":{"href":"/v1/payments/qwer3456tzui7890/authorisations/123auth456"}}}"""
        ),
        JSON(r"""{"psuData":{"password":"⟦pw⟧"}}"""),
        JSON(r"""{"scaAuthenticationData":"⟦d6⟧"}"""),
        JSON(
            r"""{"tppMessages":[{"category":"ERROR","code":"TOKEN_EXPIRED","text":"The access token of this consent has expired"},{"category":"WARNING","code":"PSU_CREDENTIALS_INVALID","path":"psuData.password"}]}"""
        ),
        HEADERS(
            'X-Request-ID: 99391c7e-ad88-49ec-a2ad-99ddcb1f7721\nPSU-IP-Address: 192.168.8.78\nTPP-Redirect-Preferred: true\nDigest: SHA-256=hl1/Eps8BEQW58FJhDApwJXjGY4nr1ArGDHIT25vq6A=\nSignature: keyId="«SN=9FA1,CA=CN=D-TRUST CA 2-1 2015,O=D-Trust GmbH,C=DE»",algorithm="«rsa-sha256»",headers="«digest x-request-id»",signature="⟦base342+==⟧"'
        ),
        XML(
            r"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn><GrpHdr><MsgId>MSG-2025-11-24-1</MsgId><CreDtTm>2025-11-24T10:47:49</CreDtTm><NbOfTxs>1</NbOfTxs><CtrlSum>120.50</CtrlSum></GrpHdr><PmtInf><PmtInfId>PMT-1</PmtInfId><PmtMtd>TRF</PmtMtd><DbtrAcct><Id><IBAN>⟦iban⟧</IBAN></Id></DbtrAcct><DbtrAgt><FinInstnId><BICFI>COBADEFFXXX</BICFI></FinInstnId></DbtrAgt><CdtTrfTxInf><PmtId><EndToEndId>INV-17</EndToEndId></PmtId><Cdtr><Nm>Meier GmbH</Nm></Cdtr><CdtrAcct><Id><IBAN>⟦iban⟧</IBAN></Id></CdtrAcct></CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>"""
        ),
    ),
    "FinTS and EBICS": (
        LOG(
            "«2025-01-01 10:15:00,123» «DEBUG» fints.client: «Sending to https://banking.example/fints30»: HNVSD:999:1+@180@HNSHK:2:4+PIN:2+«921»+«9166926»+1+1+1::0+1'HKSAL:3:7+⟦iban⟧:«COBADEFFXXX»+N'HNSHA:4:2+«9166926»++⟦pw⟧:⟦d6⟧''¦HNHBS:5:1+2'"
        ),
        LOG(
            "«DEBUG» fints.client: «Received»: HIRMG:3:2+«3060»::«Bitte beachten Sie die enthaltenen Warnungen/Hinweise.»'HIRMS:4:2:4+«0901»::«PIN gültig.»+«3920»::«Zugelassene TAN-Verfahren für den Benutzer»:«921»'"
        ),
        XML(
            r"""<ebicsRequest Version="H004" Revision="1"><header authenticate="true"><static><HostID>EBIXHOST</HostID><Nonce>†9A1B</Nonce><Timestamp>2025-01-01T10:15:00.123Z</Timestamp><PartnerID>PARTNER1</PartnerID><UserID>USER1</UserID><OrderDetails><OrderType>STA</OrderType><OrderAttribute>DZHNN</OrderAttribute></OrderDetails><SecurityMedium>0000</SecurityMedium></static><mutable><TransactionPhase>Initialisation</TransactionPhase></mutable></header><AuthSignature><SignatureValue>⟦base342+==⟧</SignatureValue></AuthSignature></ebicsRequest>"""
        ),
        INI(
            "[bank]\nblz = 10020030\nendpoint = https://banking.example/fints30\nuser = jo\npin = ⟦pw⟧\nproduct_id = 9FA6681DEC0CF3046BFC2F8A6\ntan_mechanism = 921\n"
        ),
        SQL(
            "INSERT INTO bank_access (blz, login, pin, tan_medium, iban) VALUES ('«10020030»', '«jo»', '⟦d6⟧', '«iPhone»', '⟦iban⟧')"
        ),
    ),
    "DHL": (
        XML(
            r"""<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Header><Authentification><user>2222222222_01</user><signature>⟦pw⟧</signature></Authentification></soapenv:Header><soapenv:Body><CreateShipmentOrderRequest><Version><majorRelease>3</majorRelease><minorRelease>4</minorRelease></Version><ShipmentOrder><sequenceNumber>1</sequenceNumber><product>V01PAK</product><accountNumber>†22222222220101</accountNumber><weightInKG>1.5</weightInKG></ShipmentOrder></CreateShipmentOrderRequest></soapenv:Body></soapenv:Envelope>"""
        ),
        HEADERS("DHL-API-Key: ⟦an32⟧\nAuthorization: Basic ⟦base44⟧\nAccept-Language: de-DE"),
        URL("https://api-eu.dhl.com/track/shipments?trackingNumber=00340434292135100186&service=parcel-de&language=de"),
    ),
}
