"""Machines: what provisions, serves, routes, mails and keeps."""

from tests.masking.services.shapes import (
    CALL_ERROR,
    COMMAND,
    COOKIE,
    ENV,
    HEADERS,
    HTML,
    INI,
    JSON,
    LOG,
    MESSAGE,
    MULTIPART,
    PRINTED,
    SQL,
    STACK,
    XML,
    YAML,
)  # fmt: skip

SERVICES = {
    "Terraform providers": (
        INI(
            'aws_region = "eu-central-1"\ndb_password = "⟦pw⟧"\ncloudflare_api_token = "⟦url40⟧"\ndatadog_app_key = "⟦hex40⟧"\ninstance_count = 3\nssh_public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ jo@acme"\n'
        ),
        PRINTED(
            'provider "vault" {\n  address = "«https://vault.example:8200»"\n  token   = "⟦hvs.|url90⟧"\n  max_lease_ttl_seconds = «1200»\n}\nprovider "postgresql" {\n  host     = "«db.example»"\n  username = "«admin»"\n  password = "⟦pw⟧"\n  sslmode  = "«require»"\n}'
        ),
        COMMAND(
            "terraform apply -auto-approve -var 'region=«eu-west-1»' -var 'db_password=⟦pw⟧' -var='token_ttl=«3600»' -parallelism=«4»"
        ),
        LOG(
            "«2025-05-01T10:15:00.123Z» [«DEBUG»] provider.terraform-provider-aws: HTTP Request Sent: tf_req_id=«7f1c2a30-1df5-4a40-9d5e-5f1d7a3b9c11» http.method=«GET» http.request.header.x_amz_security_token=⟦IQoJb3JpZ2lu|base200⟧ http.url=«https://sts.eu-west-1.amazonaws.com/» tf_provider_addr=«registry.terraform.io/hashicorp/aws»"
        ),
        MESSAGE(
            "Error: «configuring Terraform AWS Provider: validating provider credentials: retrieving caller identity from STS: operation error STS: GetCallerIdentity, https response error StatusCode: 403», RequestID: «7f1c2a30-1df5-4a40-9d5e-5f1d7a3b9c11», «api error InvalidClientTokenId: The security token included in the request is invalid.»"
        ),
    ),
    "Nomad and Consul": (
        HEADERS("X-Nomad-Token: ⟦uuid⟧\nX-Nomad-Index: 17"),
        HEADERS("X-Consul-Token: ⟦uuid⟧\nX-Consul-Namespace: default"),
        JSON(
            r"""{"ID":"«~uuid»","AccessorID":"6a1253d2-1785-24fd-91c2-f8e78c745511","SecretID":"⟦uuid⟧","Description":"Agent token for 'my-agent'","Policies":[{"ID":"165d4317","Name":"node-read"}],"Local":false,"CreateTime":"2025-10-24T12:25:06.921933-04:00","Hash":"UuiRkOQPRCvoRZHRtUxxbrmwZ5crYrOdZ0Z1FTFbTbA=","CreateIndex":59,"ModifyIndex":59}"""
        ),
        INI(
            'datacenter = "dc1"\nencrypt = "⟦base43+=⟧"\nacl_default_policy = "deny"\nagent_token = "⟦uuid⟧"\nretry_max = 3\n'
        ),
        PRINTED(
            'task "server" {\n  driver = "«docker»"\n  env {\n    DB_PASSWORD = "⟦pw⟧"\n    LOG_LEVEL   = "«info»"\n  }\n  resources {\n    cpu    = «500»\n    memory = «256»\n  }\n}'
        ),
        COMMAND("consul kv get -token=⟦uuid⟧ -http-addr=«https://consul.example:8501» -recurse «config/shop»"),
        MESSAGE(
            "Unexpected response code: «403» (rpc error making call: «Permission denied: token with AccessorID '6a1253d2-1785-24fd-91c2-f8e78c745511' lacks permission 'key:read' on \"config/shop\"»)"
        ),
    ),
    "systemd and cloud-init": (
        INI(
            "[Unit]\nDescription=Shop token refresher\nAfter=network-online.target\n[Service]\nEnvironment=DB_PASSWORD=⟦pw⟧\nExecStart=/usr/bin/shop --port 8080\nLoadCredential=tls:/etc/shop/tls.pem\nRestart=on-failure\nRestartSec=5\n"
        ),
        YAML(
            "hostname: shop-1\nusers:\n  - name: jo\n    shell: /bin/bash\n    lock_passwd: false\n    passwd: ⟦$6$|an8+$+an86⟧\nchpasswd:\n  expire: false\npackage_update: true\nruncmd:\n  - curl -sfL https://get.k3s.io | K3S_TOKEN=⟦K10|hex64⟧::server:⟦hex32⟧ sh -\n"
        ),
        LOG("«May 01 10:15:00» «shop-1» systemd[«1»]: «Started shop-token.service - Shop token refresher.»"),
        LOG(
            "«May 01 10:15:02» «shop-1» sudo[«4711»]: jo : TTY=«pts/0» ; PWD=«/home/jo» ; USER=«root» ; COMMAND=/usr/bin/mysql -u «root» -p⟦pw⟧ «shop»"
        ),
        COMMAND("systemctl set-environment LEVEL=«debug» SHOP_API_KEY=⟦an40⟧"),
    ),
    "nginx and Traefik": (
        LOG(
            '«203.0.113.7» - «jo» [«01/May/2025:10:15:00 +0000»] "GET /oauth/callback?code=⟦an40⟧&lang=«de» HTTP/1.1" «302» «154» "«https://id.example/»" "«Mozilla/5.0 (X11; Linux x86_64)»"'
        ),
        LOG(
            '«2025/05/01 10:15:00» [«error»] «31#31»: *«17» «upstream timed out (110: Connection timed out) while reading response header from upstream», client: «203.0.113.7», server: «shop.example», request: "GET /api/me?access_token=⟦jwt⟧ HTTP/1.1", upstream: "«http://10.0.0.7:8080/api/me»"'
        ),
        YAML(
            'http:\n  middlewares:\n    auth:\n      basicAuth:\n        users:\n          - "jo:⟦$apr1$|an8+$+an22⟧"\n        realm: shop\n  routers:\n    shop:\n      rule: Host(`shop.example`)\n      service: shop\n      entryPoints: websecure\ncertificatesResolvers:\n  le:\n    acme:\n      email: jo@example.com\n      storage: /acme.json\n'
        ),
        HTML(
            "<html><head><title>401 Authorization Required</title></head><body><center><h1>401 Authorization Required</h1></center><hr><center>nginx/1.25.3</center></body></html>"
        ),
        INI(
            "proxy_set_header_host = $host\nsecure_link_secret = ⟦pw⟧\nkeepalive_timeout = 65\nssl_session_tickets = off\n"
        ),
        PRINTED(
            'location /partner/ {\n    proxy_pass «https://partner.example»;\n    proxy_set_header X-Api-Key "⟦an40⟧";\n    proxy_set_header Host «partner.example»;\n    proxy_read_timeout «30s»;\n}'
        ),
    ),
    "Postfix and Dovecot": (
        LOG(
            "«May  1 10:15:00» «mail» postfix/smtpd[«4711»]: «warning: unknown[203.0.113.7]: SASL LOGIN authentication failed: UGFzc3dvcmQ6»"
        ),
        LOG(
            "«May  1 10:15:01» «mail» dovecot: auth: Debug: passwd-file(«jo@example.com»,«203.0.113.7»): «Password mismatch» (given password: ⟦pw⟧)"
        ),
        SQL(
            "INSERT INTO mailbox (username, password, name, maildir, quota, active) VALUES ('«jo@example.com»', '⟦{SHA512-CRYPT}$6$|an16+$+an86⟧', '«Jo»', '«example.com/jo/»', «0», '«1»')"
        ),
        INI(
            "smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd\nrelayhost = [smtp.example]:587\ndovecot_master_password = ⟦pw⟧\n"
        ),
        LOG(
            "«10:15:00.123» «DEBUG» com.sun.mail.smtp: AUTH LOGIN «354»: C: AUTH PLAIN ⟦AGpvQGV4YW1wbGUuY29tA|base24⟧ S: «535 5.7.8 Error: authentication failed»"
        ),
        MESSAGE(
            "smtplib.SMTPAuthenticationError: («535», b'«5.7.8 Username and Password not accepted. For more information, go to 5.7.8 https://support.google.com/mail/?p=BadCredentials»')"
        ),
    ),
    "WireGuard and OpenVPN": (
        INI(
            "[Interface]\nPrivateKey = ⟦base43+=⟧\nAddress = 10.0.0.2/24\nDNS = 10.0.0.1\nMTU = 1420\n[Peer]\nPublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=\nPresharedKey = ⟦base43+=⟧\nAllowedIPs = 0.0.0.0/0\nEndpoint = vpn.example:51820\nPersistentKeepalive = 25\n"
        ),
        LOG('«2025-05-01 10:15:00» MANAGEMENT: CMD \'password "Auth" "⟦pw⟧"\''),
        LOG(
            "«2025-05-01 10:15:01» «203.0.113.7:51515» «TLS Auth Error: Auth Username/Password verification failed for peer»"
        ),
        XML(
            r"""<WLANProfile xmlns="http://www.microsoft.com/networking/WLAN/profile/v1"><name>acme</name><SSIDConfig><SSID><name>acme</name></SSID></SSIDConfig><connectionType>ESS</connectionType><MSM><security><authEncryption><authentication>WPA2PSK</authentication><encryption>AES</encryption><useOneX>false</useOneX></authEncryption><sharedKey><keyType>passPhrase</keyType><protected>false</protected><keyMaterial>⟦pw⟧</keyMaterial></sharedKey></security></MSM></WLANProfile>"""
        ),
    ),
    "rclone and restic": (
        INI(
            "[backup]\ntype = s3\nprovider = Wasabi\naccess_key_id = †8OZ2\nsecret_access_key = ⟦base40⟧\nregion = eu-central-1\n[crypt]\ntype = crypt\nremote = backup:acme\nfilename_encryption = standard\npassword = ⟦url36⟧\npassword2 = ⟦url36⟧\n"
        ),
        ENV(
            "RESTIC_REPOSITORY=rest:https://backup:⟦pw⟧@backup.example:8000/\nRESTIC_PASSWORD=⟦pw⟧\nRESTIC_COMPRESSION=auto\nB2_ACCOUNT_KEY=⟦K005|an27⟧\nRESTIC_PACK_SIZE=64\n"
        ),
        COMMAND(
            "borg create --stats --compression «zstd,3» ssh://u1:⟦pw⟧@u1.your-storagebox.de:23/./repo::«shop-2025-05-01» «/srv/shop»"
        ),
        MESSAGE(
            "Fatal: «wrong password or no key found» (repository «rest:https://backup.example:8000/», snapshot «7f1c2a30»)"
        ),
    ),
    "Kubernetes operators": (
        YAML(
            "apiVersion: external-secrets.io/v1beta1\nkind: ExternalSecret\nmetadata:\n  name: shop-db\nspec:\n  refreshInterval: 1h\n  secretStoreRef:\n    name: vault\n    kind: ClusterSecretStore\n  target:\n    name: shop-db\n    creationPolicy: Owner\n  data:\n    - secretKey: password\n      remoteRef:\n        key: shop/db\n        property: password\n"
        ),
        YAML(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: repo\n  labels:\n    argocd.argoproj.io/secret-type: repository\ntype: Opaque\nstringData:\n  url: https://git.example/acme/shop\n  username: ci\n  password: ⟦glpat-|url20⟧\n  sshPrivateKey: |\n    -----BEGIN OPENSSH PRIVATE KEY-----\n    ⟦base64⟧\n    ⟦base64⟧\n    -----END OPENSSH PRIVATE KEY-----\n"
        ),
        YAML(
            "apiVersion: v1\nkind: Config\ncurrent-context: prod\nclusters:\n  - name: prod\n    cluster:\n      server: https://10.0.0.1:6443\n      certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t\nusers:\n  - name: admin\n    user:\n      client-key-data: ⟦LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVkt|base160⟧\n      token: ⟦jwt⟧\n"
        ),
        LOG(
            '«E0501 10:15:00.123456       1 authentication.go:73]» "«Unable to authenticate the request»" err="«[invalid bearer token, service account token has expired]»"'
        ),
        COMMAND(
            "kubectl create secret generic «shop» --from-literal=password=⟦pw⟧ --from-literal=LOG_LEVEL=«debug» -n «prod» --dry-run=«client» -o «yaml»"
        ),
    ),
    "Nextcloud and forums": (
        XML(
            r"""<?xml version="1.0"?><ocs><meta><status>ok</status><statuscode>200</statuscode><message>OK</message></meta><data><token>⟦an40⟧</token><url>https://cloud.example/s/yLp8qYt</url><permissions>1</permissions><expiration>2025-06-01 00:00:00</expiration><password>⟦pw⟧</password></data></ocs>"""
        ),
        PRINTED(
            "$CONFIG = array (\n  'instanceid' => '«oc8c0fd71e03»',\n  'passwordsalt' => '⟦an30⟧',\n  'secret' => '⟦base48⟧',\n  'dbtype' => '«mysql»',\n  'dbpassword' => '⟦pw⟧',\n  'loglevel' => «2»,\n  'version' => '«28.0.1.1»',\n);"
        ),
        COOKIE("oc_sessionPassphrase=⟦base120⟧; nc_token=⟦base32⟧; nc_username=jo; nc_sameSiteCookielax=true"),
        HTML(
            '<head data-requesttoken="⟦base43+=:+base43+=⟧" data-user="jo" data-locale="de_DE"><title>Nextcloud</title></head><body id="body-user"><input type="hidden" name="initial-state-core-loginAutocomplete" value="dHJ1ZQ=="><a href="https://cloud.example/login?redirect_url=/apps/files">Log in</a></body>'
        ),
        SQL(
            "INSERT INTO `oc_authtoken` (`id`, `uid`, `login_name`, `password`, `name`, `token`, `type`, `last_activity`) VALUES («17», '«jo»', '«jo»', '⟦base120⟧', '«Firefox on Linux»', '⟦hex128⟧', «1», «1764000000»)"
        ),
        HTML(
            '<form method="post" action="./ucp.php?mode=login"><input type="text" name="username" value="jo"><input type="password" name="password" value="⟦pw⟧"><input type="hidden" name="sid" value="⟦hex32⟧"><input type="hidden" name="creation_time" value="1764000000"><input type="hidden" name="form_token" value="⟦hex40⟧"><input type="submit" name="login" value="Login"></form>'
        ),
        SQL(
            "SELECT u.user_id, u.username, s.session_ip, s.session_page FROM phpbb_sessions s JOIN phpbb_users u ON u.user_id = s.session_user_id WHERE s.session_id = '⟦hex32⟧' AND u.user_type <> «2»"
        ),
    ),
    "Uploads and intake forms": (
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="file"; filename="«backup.yaml»"\r\nContent-Type: application/x-yaml\r\n\r\nhost: «db»\npassword: ⟦pw⟧\nport: «5432»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="overwrite"\r\n\r\n«true»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="X-Upload-Token"\r\n\r\n⟦an40⟧\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="policy"\r\n\r\n†eyJleHBpcmF0aW9uIjoi\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="x-amz-credential"\r\n\r\n⟦AKIA|up16⟧/20250501/eu-west-1/s3/aws4_request\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="x-amz-signature"\r\n\r\n⟦hex64⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="acl"\r\n\r\n«private»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="success_action_status"\r\n\r\n«201»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="Content-Type"\r\n\r\n«image/png»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="variables"; filename="«vars.json»"\r\nContent-Type: application/json\r\n\r\n{"region": "«eu-west-1»", "db_password": "⟦pw⟧", "tokens_per_minute": «60000»}\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="project"\r\n\r\n«shop»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="branch"\r\n\r\n«main»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="commit"\r\n\r\n«~hex40»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="username"\r\n\r\n«jo»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="old_password"\r\n\r\n⟦pw⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="new_password"\r\n\r\n⟦pw⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="confirm"\r\n\r\n⟦pw⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="next"\r\n\r\n«/account»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="card[number]"\r\n\r\n⟦cardnumber⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="card[cvc]"\r\n\r\n⟦d3⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="amount"\r\n\r\n«1999»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="currency"\r\n\r\n«eur»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="description"\r\n\r\n«Order 17, two keys cut»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="keystore_password"\r\n\r\n⟦pw⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="key_alias"\r\n\r\n«upload»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="key_password"\r\n\r\n⟦pw⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="apk"; filename="«app-release.txt»"\r\nContent-Type: application/octet-stream\r\n\r\n«PK»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="track"\r\n\r\n«internal»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="iban"\r\n\r\n⟦iban⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="account_holder"\r\n\r\n«Jo Meier»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="bic"\r\n\r\n«COBADEFFXXX»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="mandate_reference"\r\n\r\n«MND-2025-17»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="pin"\r\n\r\n⟦d5⟧\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="question"\r\n\r\n«I forgot my password, what now?»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="email"\r\n\r\n«jo@example.com»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="request_id"\r\n\r\n«~uuid»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="g-recaptcha-response"\r\n\r\n†03AGdBq\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n⟦an40⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="attachment"; filename="«error.log»"\r\nContent-Type: text/plain\r\n\r\nGET «/login» «401» Authorization: Bearer ⟦jwt⟧\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
    ),
    "Shops' tables and pages": (
        SQL(
            "INSERT INTO customers (id, email, iban, card_last4, loyalty_points) VALUES («17», '«jo@example.com»', '⟦iban⟧', '«4242»', «1200»), («18», '«max@example.com»', '⟦iban⟧', '«1881»', «0»)"
        ),
        SQL("CREATE USER 'shop'@'«10.0.%»' IDENTIFIED BY '⟦pw⟧' REQUIRE SSL"),
        SQL(
            "UPDATE oauth_clients SET client_secret = '⟦hex64⟧', redirect_uri = '«https://shop.example/cb»', grant_types = '«client_credentials»', token_lifetime = «3600» WHERE client_id = '«shop-web»'"
        ),
        SQL(
            "MERGE INTO devices USING (VALUES ('«sensor-17»', '«eu»')) AS s (name, region) ON devices.name = s.name WHEN NOT MATCHED THEN INSERT (name, psk, firmware) VALUES ('«sensor-17»', '⟦hex64⟧', '«1.4.2»')"
        ),
        SQL("ALTER LOGIN «reporting» WITH PASSWORD = '⟦pw⟧' OLD_PASSWORD = '⟦pw⟧', DEFAULT_DATABASE = «shop»"),
        HTML(
            '<table class="settings"><tr><th>SMTP host</th><td>smtp.example</td></tr><tr><th>SMTP password</th><td>⟦pw⟧</td></tr><tr><th>Port</th><td>587</td></tr><tr><th>Last delivery</th><td>2025-05-01 10:15</td></tr></table>'
        ),
        HTML(
            '<p>Dear Jo,</p><p>your one-time code is <strong>⟦d6⟧</strong>. It expires in 10 minutes.</p><p>Order <b>17-2025</b> is on its way.</p><img src="https://shop.example/open.gif?campaign=spring&amp;message=17" alt="logo">'
        ),
        HTML(
            '<div id="app" data-api-base="https://api.shop.example" data-api-token="⟦an40⟧" data-locale="de" data-release="«~hex40»"></div><input id="apiKey" type="text" readonly value="⟦an32⟧"><button data-clipboard-target="#apiKey">Copy</button>'
        ),
        HTML(
            '<form action="https://pay.example/checkout" method="post"><input type="hidden" name="MerchantID" value="acme-shop"><input type="hidden" name="OrderID" value="17-2025"><input type="hidden" name="Amount" value="19.99"><input type="hidden" name="MAC" value="⟦hex64⟧"><input type="tel" name="cardnumber" value="⟦cardnumber⟧"><input type="tel" name="cvc" value="⟦d3⟧"></form>'
        ),
    ),
    "Errors of old partners": (
        MESSAGE(
            "Login failed for user '«shop»'. Connection string: Server=«tcp:db.example,1433»;Initial Catalog=«orders»;User ID=«shop»;Password=⟦pw⟧;Encrypt=«True»"
        ),
        CALL_ERROR(
            "requests.exceptions.SSLError: HTTPSConnectionPool(host='«partner.example»', port=«443»): Max retries exceeded with url: /v1/export?apikey=⟦hex32⟧&format=«csv» (Caused by SSLError('«certificate verify failed: self signed certificate»'))"
        ),
        CALL_ERROR(
            "java.net.UnknownHostException: «api.partner.example»: «Name or service not known» while calling https://api.partner.example/v2/token?client_id=«shop»&client_secret=⟦an40⟧"
        ),
        MESSAGE(
            "pydantic_core.ValidationError: «2» validation errors for Login\npassword\n  «String should have at least 12 characters» [type=«string_too_short», input_value='⟦pw⟧', input_type=«str»]"
        ),
        MESSAGE("Invalid value for \"--token\": '⟦ghp_|an36⟧' is «not a valid integer range» (exit code «2»)"),
        MESSAGE(
            "jwt.exceptions.InvalidSignatureError: «Signature verification failed» for token ⟦jwt⟧ (kid «a1b2c3», alg «RS256»)"
        ),
        CALL_ERROR("ftplib.error_perm: «530 Login incorrect.» ftp://feed:⟦pw⟧@ftp.partner.example:«21»/«orders.csv»"),
        MESSAGE(
            "redis.exceptions.AuthenticationError: «WRONGPASS invalid username-password pair or user is disabled.» (rediss://default:⟦pw⟧@cache.example:6380/«0»)"
        ),
        MESSAGE(
            'Could not refresh token: POST https://id.example/oauth2/token returned «400» {"error":"«invalid_grant»","error_description":"«Token is not active»"} for refresh_token=⟦url60⟧'
        ),
        CALL_ERROR(
            'ECONNRESET: «socket hang up» at «TLSSocket.socketOnEnd (node:_http_client:524:23)», request headers {"host":"«partner.example»","x-auth-token":"⟦an40⟧","accept":"«application/json»"}'
        ),
        MESSAGE(
            "ValueError: could not convert card number «****4242»: got ⟦cardnumber⟧, ¦expected «16» digits at line «3»"
        ),
        MESSAGE(
            "botocore.exceptions.ParamValidationError: «Parameter validation failed»: Invalid length for parameter SecretString, value: «0», valid min length: «1»"
        ),
        CALL_ERROR(
            'Error: Invalid login: «535 Authentication failed» {"user":"«shop»","pass":"⟦pw⟧","host":"«smtp.example»","code":"«EAUTH»"}'
        ),
        MESSAGE(
            'ActiveRecord::NotNullViolation: «null value in column "token_type"»: DETAIL: Failing row contains (id, access_token, scope) = («17», ⟦an40⟧, «read»)'
        ),
        MESSAGE('invalid DSN "shop:⟦pw⟧@tcp(¦db:3306)/«orders»": «network address "db:3306x" is malformed»'),
        CALL_ERROR(
            "grpc: status «16» «UNAUTHENTICATED» from «partner.example:443», metadata: {authorization: Bearer ⟦jwt⟧, grpc-timeout: «5S»}"
        ),
        MESSAGE("TokenError: unexpected token '«}»' at line «17», column «4»"),
        MESSAGE(
            'Error: secret "«shop-db»" not found in namespace "«prod»"; key "«password»" is required by «deployment/shop»'
        ),
        STACK(
            "System.UnauthorizedAccessException: «Access to the path '/var/secrets/token' is denied.»\n   at Acme.Partner.Client.Login(String user, String password) in «/src/Partner/Client.cs:line 42»\n   at Acme.Shop.Program.Main(String[] args) in «/src/Shop/Program.cs:line 9»\nData: [ApiKey, ⟦an40⟧] [Attempt, «3»]"
        ),
        STACK(
            'thread \'main\' panicked at «src/main.rs:17:42»:\ncalled `Result::unwrap()` on an `Err` value: Config { source: "«env»", message: "«invalid port»", url: "postgres://shop:⟦pw⟧@db:5432x/«shop»" }\nstack backtrace:\n   «0»: rust_begin_unwind at «/rustc/9fc6b431/library/std/src/panicking.rs:652:5»'
        ),
        STACK(
            "Fatal error: «Uncaught PDOException: SQLSTATE[HY000] [1045] Access denied for user 'shop'@'10.0.0.7' (using password: YES)» in «/var/www/db.php:7»\nStack trace:\n#0 «/var/www/db.php(7)»: PDO->__construct('mysql:host=db;dbname=shop', 'shop', '⟦pw⟧')\n#1 «/var/www/index.php(3)»: require_once('/var/www/db.php')\n  thrown in «/var/www/db.php» on line «7»"
        ),
    ),
}
