"""Databases, uploads and old protocols: shapes that few services have."""

from tests.masking.services.shapes import COMMAND, COOKIE, FORM, HTML, MULTIPART, SET_COOKIE, SQL, STACK, URL, XML

SERVICES = {
    "SQLite and Snowflake": (
        SQL("CREATE USER app PASSWORD = '⟦pw⟧' DEFAULT_ROLE = «analyst» MUST_CHANGE_PASSWORD = «false»"),
        SQL(
            "UPDATE tokens SET token = '⟦an40⟧', expires_at = '«2025-01-01»' WHERE user_id = «17» AND kind = '«refresh»'"
        ),
        SQL("INSERT INTO settings(key, value, page) VALUES('smtp_password', '⟦pw⟧', «2»)"),
        SQL(
            "COPY INTO orders FROM 's3://«files/orders»' CREDENTIALS=(AWS_KEY_ID='⟦AKIA|up16⟧' AWS_SECRET_KEY='⟦base40⟧') FILE_FORMAT=(TYPE=«CSV»)"
        ),
        SQL(
            "SELECT count(*) FROM password_resets WHERE token_type = '«email»' AND created_at > '«2025-01-01»' LIMIT «10»"
        ),
    ),
    "Cloudinary": (
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="timestamp"\r\n\r\n«1315060510»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="signature"\r\n\r\n⟦hex40⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="api_key"\r\n\r\n⟦d15⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="public_id"\r\n\r\n«samples/token-ring»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="file"; filename="«a.txt»"\r\nContent-Type: text/plain\r\n\r\n«hello»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="config"; filename="«app.env»"\r\nContent-Type: text/plain\r\n\r\nLEVEL=«debug»\nDB_PASSWORD=⟦pw⟧\nPORT=«8080»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="note"\r\n\r\n«the password is in the file»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        URL("cloudinary://⟦d15⟧:⟦url27⟧@acme/?secure=true"),
        COMMAND(
            "curl https://api.cloudinary.com/v1_1/acme/image/upload -X POST -F 'file=@«a.jpg»' -F 'api_secret=⟦url27⟧' -F 'folder=«samples»'"
        ),
    ),
    "SOAP of banks": (
        XML(
            r"""<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Header><AuthHeader><UserName>acme</UserName><Password>⟦pw⟧</Password><SessionToken>⟦an32⟧</SessionToken></AuthHeader></soapenv:Header><soapenv:Body><Transfer currency="EUR"><Amount>12.50</Amount><Iban>⟦iban⟧</Iban><Tan>⟦d6⟧</Tan><Purpose>Order 17</Purpose></Transfer></soapenv:Body></soapenv:Envelope>"""
        ),
        XML(
            r"""<Response><Status code="17">DECLINED</Status><Reason>Invalid PIN</Reason><AttemptsLeft>2</AttemptsLeft><Terminal id="T1"/></Response>"""
        ),
        XML(
            r"""<beans><bean id="ds" class="org.apache.commons.dbcp2.BasicDataSource"><property name="url" value="jdbc:mysql://db/orders"/><property name="password" value="⟦pw⟧"/><property name="maxTotal" value="10"/></bean><bean id="mail"><property name="secretKey"><value>⟦an32⟧</value></property></bean></beans>"""
        ),
    ),
    "phpMyAdmin": (
        FORM("pma_username=root&pma_password=⟦pw⟧&server=1&token=⟦an32⟧&lang=de"),
        COOKIE("pma_lang=de; phpMyAdmin=⟦an32⟧; pmaAuth-1=⟦url80⟧; pma_theme=pmahomme; pma_collation=utf8mb4"),
        SET_COOKIE("phpMyAdmin=⟦an32⟧; path=/pma/; secure; HttpOnly; SameSite=Strict"),
        HTML(
            '<form method="post" id="login_form"><input type="text" name="pma_username" value="root"><input type="password" name="pma_password" value="⟦pw⟧"><input type="hidden" name="token" value="⟦an32⟧"><select name="lang"><option value="de">Deutsch</option></select></form>'
        ),
        STACK(
            "PDOException: SQLSTATE[HY000] [1045] Access denied for user '«root»'@'«localhost»' (using password: «YES») in «/var/www/db.php:14»\n#0 «/var/www/db.php(14)»: PDO->__construct('«mysql:host=db»', '«root»', '⟦pw⟧')\n#1 «/var/www/password.php(9)»: connect()"
        ),
    ),
    "Oracle and ClickHouse": (
        SQL('ALTER USER app IDENTIFIED BY "⟦pw⟧" ACCOUNT «UNLOCK»'),
        SQL(
            "MERGE INTO sessions USING dual ON (id = «17») WHEN MATCHED THEN UPDATE SET session_token = '⟦an40⟧', locale = '«de»'"
        ),
        SQL("INSERT INTO app_config (name, secret_value, updated) VALUES ('«stripe»', '⟦an40⟧', '«2025-01-01»')"),
        SQL("SELECT name FROM s3('https://files.example/«a.csv»', '⟦AKIA|up16⟧', '⟦base40⟧', '«CSV»') LIMIT «10»"),
        SQL("SELECT token_count, pass_rate FROM stats WHERE kind = '«key»' AND day = '«2025-01-01»'"),
        STACK(
            "java.sql.SQLException: ORA-01017: «invalid username/password; logon denied»\n\tat oracle.jdbc.driver.T4CTTIoauthenticate.doOAUTH(«T4CTTIoauthenticate.java:442»)\n\tat com.acme.SecretDataSource.connect(«SecretDataSource.java:31»)\nCaused by: java.lang.RuntimeException: url=jdbc:oracle:thin:app/⟦pw⟧@//db.example:1521/«ORCL»"
        ),
    ),
    "Gravatar and forums": (
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="username"\r\n\r\n«jo»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="passwd"\r\n\r\n⟦pw⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="_xsrf"\r\n\r\n⟦an40⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="avatar"; filename="«token.png»"\r\nContent-Type: text/plain\r\n\r\n«no picture»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        FORM("do=login&vb_login_username=jo&vb_login_password=⟦pw⟧&cookieuser=1&s=†0&securitytoken=†guest"),
        COOKIE("bb_userid=17; bb_password=⟦hex32⟧; bb_lastvisit=1764000000; bb_style=dark"),
        SET_COOKIE("remember_me=⟦an48⟧; Path=/; Max-Age=2592000; HttpOnly"),
        HTML(
            '<form action="/register" method="post"><input type="hidden" name="_xsrf" value="⟦an40⟧"><input name="nick" value="jo"><input type="password" name="pass" value="⟦pw⟧"><label for="pass">Your password</label><input type="submit" value="Register"></form>'
        ),
        URL("https://forum.example/confirm?key=⟦an32⟧&u=17&lang=de"),
    ),
    "feeds of old partners": (
        XML(
            r"""<request version="2"><merchant><id>17</id><password>⟦pw⟧</password></merchant><order currency="EUR"><amount>1250</amount><card pan="⟦cardnumber⟧" cvv="⟦d3⟧" exp="0529"/><description>Order 17</description></order></request>"""
        ),
        XML(
            r"""<config><entry key="ftp.host">ftp.example</entry><entry key="ftp.password">⟦pw⟧</entry><entry key="retries">3</entry><entry key="api.token">⟦an32⟧</entry></config>"""
        ),
        XML(
            r"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Keys and tokens</title><entry><id>urn:17</id><title>Password rules</title><updated>2025-01-01T00:00:00Z</updated><author><name>Jo Doe</name></author></entry></feed>"""
        ),
        COMMAND("sshpass -p ⟦pw⟧ sftp -P «22» jo@«ftp.example»"),
        COMMAND("openssl pkcs12 -in «keys.p12» -out «keys.pem» -passin pass:⟦pw⟧ -nodes"),
        COMMAND(
            "docker run -d --name «db» -e POSTGRES_PASSWORD=⟦pw⟧ -e «POSTGRES_DB=orders» -p «5432:5432» «postgres:16»"
        ),
        STACK(
            'Traceback (most recent call last):\n  File "«/srv/feed.py»", line «9», in «login»\n    ftp.login(user="«jo»", passwd="⟦pw⟧")\n  File "«/usr/lib/python3.12/ftplib.py»", line «414», in «login»\nftplib.error_perm: «530 Login incorrect.»'
        ),
    ),
}
