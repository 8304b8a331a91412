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
}
