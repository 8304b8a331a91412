"""The words of which names of secrets are made, and what each does to a name.

Tables alone; name_strength.py says how they work together. Most entries are from the documentation of the services
and frameworks that use them. A word belongs to one kind only where its place in a name decides nothing.
"""

from __future__ import annotations

ANYWHERE = frozenset(
    """
    password passwords passwd passwds pswd passphrase passphrases passcode passcodes secret secrets credential
    credentials creds apikey apikeys csrf xsrf otp totp hotp otps cvv cvc cvn csc cvd cavv ssn mnemonic privatekey
    accesskey secretkey sessionid sessid phpsessid jsessionid authtoken requirepass masterauth hdnts hdnea hdntl twofa
    wpnonce cryptogram keymaterial samlresponse samlart passwort kennwort geheimnis wachtwoord geheim senha contrasena
    contrasenya contrasinal haslo heslo lozinka geslo zaporka jelszo losenord passord adgangskode kodeord salasana
    tunnussana sifre slaptazodis matkhau katasandi katalaluan motdepasse mdp pasahitza lykilord fjalekalim segreto
    zugangscode freischaltcode geheimzahl toegangscode appskey nwkskey
    segredo secreto
    """.split()
)
"""A name with one of these is a secret's, unless its last word says what the value tells about the secret."""

LAST = frozenset(
    "pwd pw upw opw upass skey xauth pass authorization bearer jwt jws hmac psk iban puk parola sandi cred creds"
    " pinblock".split()
)
"""A secret where it stands last: `db_pw`; but `pass_rate`, `jwt_claims` are none."""

LAST_OF_ANY = frozenset(
    """
    auth authentication signature signatures sig sigs sign cookie cookies salt session sess sid pin pan assertion token
    tokens hashed ticketgrant passkey crumb tan accessor
    tok tkn kek dek sas clave secure pepper encrypt
    """.split()
)
"""The same, but other things have such names as well: `"token": "Hello"`, `"session": "active"`."""

NOT_ALONE = frozenset(("sign", "accessor", "secure", "encrypt"))
"""Words of LAST_OF_ANY that mean a secret only if the value is random."""

KEYS = frozenset(
    """
    integration
    api access private priv secret encryption encrypt decryption decrypt cipher crypto master account auth
    authentication authorization function functions subscription ssh signing sign signature hmac storage license
    licence deploy host shared preshared server client insert apollo app application admin administrator write writer
    ingest ingestion sas query recovery validation verification verify session aes rsa dsa ecdsa ed ec des jwt jwe jws
    token tls ssl pgp gpg wrapping wrapped webhook service developer activation registration consumer merchant wifi wpa
    wep wireless vault unseal transit kek dek totp otp bot root identifier instrumentation rest bearer pass seed nonce
    enc sec raw derived symmetric oauth cookie csrf install provisioning enrollment edge tunnel sse super partner
    stream mac nwk
    """.split()
)
"""What stands before `key`: `api_key`, `writeKey`. Before it anything else may stand: there a random value decides."""

NO_KEYS = frozenset(
    """
    localization i n websocket socket partition sort primary foreign public publishable pub hash range cache object
    route idempotency dedup deduplication group grouping lookup index map order translation message locale surrogate
    composite natural unique row column field attribute property event issue project item file folder document image
    media asset record shard bucket prefix path sorting search filter query_param config setting settings preference
    feature flag option tag label meta metadata header param parameter json dict hot short arrow evaluated start
    exclusive last first next end previous entry menu page tab list node tree view ui component react name type
    status state category topic queue sequence cursor cluster join parent child block lock storage_path legend registry
    sign_in answer correlation trace span aggregate entity resource kms alias condition context partitioning rate limit
    throttle modifier function_name state_machine sound music piano major minor house car door mapping boundary
    collapse dimension by response collection log bound manifest output request roles source target subject
    to value watermark space match shortcut tagging managed per input solution error usage
    """.split()
)
"""Before `key`, these tell a place in some data: `sort_key`, `cacheKey`."""

CODES = frozenset(
    """
    auth authorization authentication verification verify confirmation confirm reset recovery backup access security
    unlock device sms mfa tfa otp totp factor alarm twofa fa login signin activation pin oob secret card passcode
    binding claim
    setup install master gate guest user gift
    onetime pairing invite invitation redeem redemption pass door entry bypass scratch challenge temporary temp puk
    oauth token tan
    """.split()
)
"""What stands before `code` or `codes`."""

NUMBERS = frozenset("card account security tax national passport pin iban creditcard cc insurance".split())
"""What stands before `number`."""

PAIRS = frozenset(
    {
        ("session", "id"), ("tax", "id"), ("national", "id"), ("recovery", "phrase"), ("seed", "phrase"),
        ("pass", "phrase"), ("secret", "phrase"), ("pass", "word"), ("pass", "wd"), ("key", "string"),
        ("key", "material"), ("code", "verifier"), ("oauth", "verifier"), ("password", "verifier"),
        ("pkce", "verifier"), ("client", "assertion"), ("saml", "response"), ("saml", "assertion"), ("saml", "art"),
        ("security", "answer"), ("secret", "answer"), ("challenge", "answer"), ("recovery", "answer"),
        ("pin", "block"), ("wp", "nonce"), ("honeycomb", "team"), ("session", "ticket"), ("card", "num"),
        ("kata", "sandi"), ("kata", "laluan"), ("mat", "khau"), ("chiave", "segreta"), ("chiave", "api"),
        ("chiave", "privata"), ("codice", "segreto"), ("codice", "accesso"), ("parola", "chiave"), ("parola", "ordine"),
        ("parola", "dordine"), ("password", "id"), ("password", "md"), ("pass", "md"), ("pwd", "md"), ("sess", "key"),
        ("codigo", "acceso"), ("codigo", "seguridad"), ("codigo", "verificacion"), ("code", "acces"),
        ("codice", "sicurezza"), ("codice", "verifica"),
        ("recaptcha", "response"), ("captcha", "response"), ("hcaptcha", "response"),
        ("parola", "accesso"), ("clave", "secreta"), ("clave", "api"), ("clave", "acceso"), ("clave", "privada"),
        ("chave", "secreta"), ("palavra", "passe"), ("cle", "secrete"), ("mot", "passe"), ("tajny", "klucz"),
        ("snmp", "community"), ("sonar", "login"), ("user", "hash"),
        ("klucz", "api"), ("kunci", "api"), ("kunci", "rahasia"), ("kode", "rahasia"), ("kode", "akses"),
        ("tajny", "klic"), ("api", "klic"), ("soukromy", "klic"), ("privater", "schluessel"), ("api", "schluessel"),
    }
)  # fmt: skip
"""Two words side by side; little words of French, Italian and Spanish between them are left out."""

FAINT_NAMES = frozenset(("credentialsid", "secretid"))
"""Whole names of what is no secret in one system and the secret itself in another: ThingsBoard's
and Jenkins', Vault's and AWS's."""

LINKS = frozenset("d de di do da del della dell des du la le".split())

WHOLE = frozenset("identitysource onetimecode wepkey ssecustomerkey encryptioncustomerkey samlart cvnum".split())
"""Names that no rule of words covers, at the end of a name."""

ABOUT = frozenset(
    """
    at scheme length count counts counter policy policies type types kind enabled disabled required requirements
    strength
    expiry expires expiration expired expire exp ttl age lifetime timeout url urls uri uris endpoint endpoints arn arns
    version versions algorithm algo alg instant
    status valid invalid method methods size limit limits format field fields date time
    times timestamp label placeholder min max ids id prefix suffix error errors header headers table bucket queue topic
    file files filename path paths dir directory folder role roles param params parameter name names exists hint help
    attempts attempt retries rotation scope scopes provider providers source verified changed updated created modified
    deleted used revoked modes mode region usage use uses in seconds second secs minutes minute hours hour days day ms
    millis milliseconds supported ref refs reference references rounds cost factor index position offset per address
    symbol decimals supply balance price rate quota budget score level levels state reason message messages description
    title user username login email category list lists claims
    issuer audience subject owner host hostname port domain realm group groups schema
    pattern regex rule rules validation validity check checks checked result results reset resets recovery fingerprint
    thumbprint md etag checksum alias aliases arity options option settings setting config configuration link page view
    form dialog modal screen button input prompt question questions flow step steps event events log logs history less
    free manager service services filter filters exception exceptions handler handlers factory hasher hashers
    validator validators controller middleware interceptor resolver repository builder parser encoder decoder store
    storage strategy module
    component test tests spec impl interface helper utils util guard entity model dto serializer deserializer converter
    adapter wrapper listener observer job task worker processor generator authenticator request response command class
    plugin client server cert certificate certificates chain pair pairs bits curve usages ops year month expirymonth
    expiryyear brand holder last eight left remaining total sum avg mean rank market standard contract details detail
    metadata summary summaries identifier identifiers properties attributes configurations specs reuse prevention
    encryption uid descriptor xpath report info infos utilization issuers domains audiences change requests review
    logprobs logprob
    """.split()
)
"""A name that ends with one of these says something about a secret, or is a class's: its value is no secret."""

NEUTRAL = frozenset(
    """
    v value values val string str text plain plaintext raw hash hashes digest hex base bytes encoded encrypted enc
    ciphertext old new current previous prev confirm confirmation confirmed again repeat retype prod production dev
    development stage staging test live sandbox qa uat local main primary secondary backup default a b c x y z env
    override data pem der jwk json sha one two s binary block baru lama neu nieuw nuova nueva actual atual repetir
    wiederholen
    """.split()
)
"""A secret stays one with these behind it: `password_hash`, `DB_PASS_PROD`."""

NOT_FIRST = frozenset(
    "existing expired forgot invalid missing unexpected unsupported num max min total has is require requires supports"
    " automount".split()
)
"""A name that begins so tells of a secret: `invalid_token`, `hasPassword`."""

CURSORS = frozenset(
    """
    next previous prev page paging pagination continuation continue sync resume cursor forward backward sequence
    starting start lock idempotency iterator delta change changes watch marker bos eos pad sep unk cls stop special max
    min count type limit total used usage number num creation update checkpoint block configuration conditional chunk
    message version resumption
    """.split()
)
"""Before `token`, these make it a place in a list or a part of a language: `nextToken`, `eos_token`."""

OF_LISTS = frozenset(("next", "unique", "continuation", "pagination"))
"""The same wherever they stand: `nextForwardToken`, `UniqueRequestToken`."""

IDEMPOTENCY = frozenset(("client", "service"))
"""`ClientToken`, `ServiceToken` are AWS's names for what is none; in headers they are."""

COUNTED = frozenset(
    """
    max min count counts limit usage total used prompt completion input output cached cache creation audio image video
    reasoning thinking text remaining ratelimit rate http n num number per context window new accepted rejected
    prediction predicted generated sampled estimated billed billable consumed available special stop added extra avg
    average sum budget
    """.split()
)
"""Before `tokens`, these make a number of it."""

TOKENS_OF = frozenset(
    """
    access auth refresh api session device csrf xsrf bearer oauth id push reset security invite verification backup
    recovery fcm apns registration user users bot personal jwt service secret app active revoked
    """.split()
)
"""Before `tokens`, these do not: `refresh_tokens`."""

OWNERS = frozenset(
    """
    admin administrator user root db database smtp imap pop mail email ftp sftp ssh mysql pg postgres postgresql redis
    mongo mongodb ldap bind keystore truststore key store trust ssl tls sql login wifi http https proxy vpn sudo master
    bastion jdbc rabbitmq amqp mqtt kafka elastic es jenkins docker registry nexus git svn cert p pfx pem app api web
    site server host client owner account acct sys system sa my new old current temp tmp initial default sap oracle
    mssql sqlserver mariadb clickhouse snowflake redshift rds zk zookeeper guest test wp wordpress bot
    """.split()
)
"""Before `pass`: whose password it is."""

BESIDE = frozenset(
    """
    middleware credit debit bank consumer github gitlab slack stripe twilio aws azure gcp google openai sendgrid
    mailgun datadog sentry telegram discord facebook twitter two one time multi factor social ws customer payment
    secure sasl remember authenticity antiforgery forgery request verification id iam org company tenant my website
    src dest wallet phone mobile sms form hidden the your our this is field text string
    """.split()
)
"""What else stands in names that are written without any boundary: `csrfmiddlewaretoken`."""

HARMLESS = frozenset(
    """
    pincode tokenizer tokenization tokenizers tokenise tokenize passenger passengers passport passports secretary
    secretariat secretaries author authors authority monkey keyboard keyword keywords turkey hotkey passive passion
    passage passing passes passed bypass compass signin signup signal design assign cookiecutter session_count
    passthrough passwordless tokenless
    """.split()
)
"""Words that are never cut."""

SHORT = frozenset(("db", "pw", "id", "my", "ws", "pg", "wp", "sa"))
"""Words of two letters that are looked for in names without boundaries."""

PARTS = (
    "password", "passwd", "passphrase", "csrf", "xsrf", "credential", "apikey", "accesskey", "privatekey", "secretkey",
    "accesstoken", "authtoken", "refreshtoken", "sessiontoken", "securitytoken", "sessionid", "sessionkey",
    "accountkey", "motdepasse",
)  # fmt: skip
"""In no other English words: they are found wherever they stand."""

ENDS = ("token", "secret", "sessid", "passwort", "kennwort", "wachtwoord")
"""The same at the end of a word."""

FILES = frozenset(
    """
    java kt scala groovy go py pyc js mjs cjs jsx ts tsx rb cs fs vb php rs c cc cpp h hpp swift m ex exs erl clj lua
    pl html htm css scss vue svelte jsp erb ejs hbs md rst txt pdf doc docx xls xlsx csv png jpg jpeg gif svg ico zip
    gz tar jar war dll so exe class yml yaml toml ini xml sql sh bat ps lock map
    """.split()
)
"""How names of files end: the colon behind one has a line's number after it."""

FOREIGN = (
    "contraseña", "hasło", "lösenord", "şifre", "mật khẩu", "пароль", "пароля", "κωδικός", "סיסמה", "סיסמא",
    "كلمة المرور", "كلمة السر", "รหัสผ่าน", "密码", "密碼", "口令", "パスワード", "暗証番号", "비밀번호", "암호",
    "salasõna", "jelszó", "slaptažodis", "lykilorð", "fjalëkalim", "парола", "лозинка", "секрет", "токен", "رمز عبور",
    "گذرواژه", "पासवर्ड", "পাসওয়ার্ড", "პაროლი", "գաղտնաբառ", "密钥", "密鑰", "私钥", "令牌", "验证码", "驗證碼", "비번",
    "clé secrète", "clé api", "clé privée",
)  # fmt: skip
"""Names in letters beyond ASCII's; in texts they are found by foreign_names.py."""
