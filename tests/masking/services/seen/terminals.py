"""Command lines and what shells print: as histories, CI jobs, `ps` and errors of child processes show them."""

from tests.masking.services.shapes import COMMAND, LOG, MESSAGE

SERVICES = {
    "Platforms at the prompt": (
        COMMAND(
            "kubectl create secret generic db --from-literal=password=⟦pw⟧ --from-literal=username=«app» -n «shop»"
        ),
        COMMAND(
            "kubectl create secret docker-registry regcred --docker-server=«registry.example» --docker-username=«ci» --docker-password=⟦pw⟧ --docker-email=«ci@acme.example»"
        ),
        COMMAND("kubectl --token=⟦jwt⟧ --server=«https://k8s.example:6443» get pods -o «wide»"),
        COMMAND("kubectl config set-credentials «ci» --token=⟦an40⟧"),
        COMMAND("kubectl config set-credentials «ci» --username=«admin» --password=⟦pw⟧"),
        COMMAND("kubectl set env deployment/«web» DB_PASSWORD=⟦pw⟧ LOG_LEVEL=«debug»"),
        COMMAND("kubectl get secret «db-credentials» -o jsonpath='«{.data.password}»' | base64 -d"),
        COMMAND("kubectl describe secret «db-credentials» --namespace «shop»"),
        COMMAND(
            "helm upgrade --install «web» «./chart» --set image.tag=«1.4.2» --set postgresql.auth.password=⟦pw⟧ --wait"
        ),
        COMMAND("helm registry login «registry.example» -u «ci» -p ⟦pw⟧"),
        COMMAND("helm repo add acme «https://charts.example» --username «ci» --password ⟦pw⟧ --force-update"),
        COMMAND(
            "docker run -d --name «db» -e POSTGRES_PASSWORD=⟦pw⟧ -e POSTGRES_DB=«orders» -p «5432:5432» «postgres:16»"
        ),
        COMMAND("docker login -u «ci» -p ⟦pw⟧ «registry.example»"),
        COMMAND("docker login «registry.example» --username=«ci» --password=⟦pw⟧"),
        COMMAND("echo ⟦pw⟧ | docker login «ghcr.io» -u «ci» --password-stdin¦"),
        COMMAND("docker build --build-arg NPM_TOKEN=⟦an36⟧ --build-arg NODE_ENV=«production» -t «web:latest» ."),
        COMMAND("docker run --env=API_KEY=⟦an32⟧ --memory=«512m» --rm «acme/worker»"),
        COMMAND("podman run --secret «db_password» -e «TZ=Europe/Berlin» «quay.io/acme/web:2»"),
        COMMAND("aws configure set aws_secret_access_key ⟦base40⟧ --profile «prod»"),
        COMMAND("aws ssm put-parameter --name «/prod/db/password» --value ⟦pw⟧ --type «SecureString» --overwrite"),
        COMMAND(
            'aws secretsmanager create-secret --name «prod/db» --secret-string \'{"username":"«app»","password":"⟦pw⟧"}\''
        ),
        COMMAND(
            "aws secretsmanager get-secret-value --secret-id «prod/db» --region «eu-west-1» --query «SecretString»"
        ),
        COMMAND(
            "aws rds modify-db-instance --db-instance-identifier «orders» --master-user-password ⟦pw⟧ --apply-immediately"
        ),
        COMMAND(
            "aws cognito-idp admin-set-user-password --user-pool-id «eu-west-1_AbCdEfGhI» --username «maria» --password ⟦pw⟧ --permanent"
        ),
        COMMAND(
            "aws sts assume-role-with-web-identity --role-arn «arn:aws:iam::123456789012:role/ci» --role-session-name «ci» --web-identity-token ⟦jwt⟧"
        ),
        COMMAND("aws iam create-login-profile --user-name «maria» --password ⟦pw⟧ --password-reset-required"),
        COMMAND(
            "aws lambda update-function-configuration --function-name «orders» --environment 'Variables={DB_PASSWORD=⟦pw⟧,STAGE=«prod»}'"
        ),
        COMMAND(
            'aws lambda update-function-configuration --function-name «orders» --environment "Variables={STAGE=«prod»,API_KEY=⟦an32⟧}" --timeout «30»'
        ),
        COMMAND("az login --service-principal -u «http://ci» -p ⟦url40⟧ --tenant «acme.onmicrosoft.example»"),
        COMMAND("az keyvault secret set --vault-name «acme» --name «db-password» --value ⟦pw⟧"),
        COMMAND("az sql server create -l «westeurope» -g «shop» -n «orders» -u «sqladmin» -p ⟦pw⟧"),
        COMMAND("az storage blob list --account-name «acme» --account-key ⟦base86+==⟧ --container-name «in»"),
        COMMAND("az webapp config appsettings set -g «shop» -n «web» --settings API_KEY=⟦an32⟧ STAGE=«prod»"),
        COMMAND("gcloud sql users set-password «app» --instance=«orders» --password=⟦pw⟧"),
        COMMAND(
            "gcloud run deploy «web» --image «gcr.io/acme/web» --set-env-vars «STAGE=prod»,DB_PASS=⟦pw⟧ --region «europe-west1»"
        ),
        COMMAND("gcloud auth activate-service-account «ci@acme.example» --key-file=«key.json»"),
        COMMAND("heroku config:set STRIPE_SECRET_KEY=⟦sk_live_|an24⟧ WEB_CONCURRENCY=«2» --app «shop»"),
        COMMAND("flyctl secrets set DATABASE_PASSWORD=⟦pw⟧ --app «shop»"),
        COMMAND("vercel deploy --prod --token ⟦an24⟧ --scope «acme»"),
        COMMAND("netlify deploy --auth=⟦url43⟧ --site=«shop» --dir=«dist»"),
        COMMAND("gh auth login --with-token <<< ⟦ghp_|an36⟧"),
        COMMAND("gh secret set DEPLOY_KEY --body ⟦an40⟧ --repo «acme/shop»"),
        COMMAND("glab auth login --hostname «git.example» --token ⟦glpat-|url20⟧"),
        COMMAND("git clone https://oauth2:⟦an20⟧@git.example/acme/shop.git «--depth=1»"),
        COMMAND("git remote set-url origin https://ci:⟦pw⟧@git.example/acme/shop.git"),
        COMMAND("git -c http.extraheader='AUTHORIZATION: bearer ⟦an52⟧' fetch «origin» «main»"),
        COMMAND("npm config set //registry.npmjs.org/:_authToken=⟦npm_|an36⟧"),
        COMMAND("npm login --auth-type=«legacy» --registry=«https://npm.example»"),
        COMMAND("pip install --index-url https://ci:⟦pw⟧@pypi.example/simple «acme==1.4»"),
        COMMAND("twine upload -u «__token__» -p ⟦pypi-AgE|url120⟧ «dist/acme-1.4.tar.gz»"),
        COMMAND("poetry config http-basic.acme «ci» ⟦pw⟧"),
        COMMAND("poetry publish --username «ci» --password ⟦pw⟧ --repository «acme»"),
        COMMAND("mvn deploy -s «settings.xml» -Dgpg.passphrase=⟦pw⟧ -DskipTests=«true»"),
        COMMAND("./gradlew publish -PossrhPassword=⟦pw⟧ -Pversion=«1.4.2» --no-daemon"),
        COMMAND(
            "sonar-scanner -Dsonar.login=⟦hex40⟧ -Dsonar.projectKey=«shop» -Dsonar.host.url=«https://sonar.example»"
        ),
        COMMAND("dotnet nuget push «acme.1.4.nupkg» --api-key ⟦an40⟧ --source «https://nuget.example/v3/index.json»"),
        COMMAND("nuget sources add -Name «acme» -Source «https://nuget.example» -UserName «ci» -Password ⟦pw⟧"),
        COMMAND("terraform apply -var 'db_password=⟦pw⟧' -var 'region=«eu-west-1»' -auto-approve"),
        COMMAND('terraform plan -var="api_token=⟦an40⟧" -out=«plan.tfplan»'),
        COMMAND('terraform init -backend-config="password=⟦pw⟧" -backend-config="address=«https://state.example»"'),
        COMMAND("pulumi config set --secret dbPassword ⟦pw⟧ --stack «prod»"),
        COMMAND('ansible-playbook «site.yml» -i «hosts» -e "ansible_become_pass=⟦pw⟧ env=«prod»"'),
        COMMAND("ansible «all» -m «ping» --extra-vars 'ansible_password=⟦pw⟧'"),
        COMMAND("vault login ⟦hvs.|an24⟧"),
        COMMAND("vault kv put «secret/shop» password=⟦pw⟧ ttl=«30m»"),
        COMMAND("vault write «auth/userpass/login/maria» password=⟦pw⟧"),
        COMMAND("vault write auth/approle/login role_id=†~uuid secret_id=⟦uuid⟧"),
        COMMAND("VAULT_TOKEN=⟦hvs.|an24⟧ vault kv get «secret/shop»"),
        COMMAND("consul acl token create -description «ci» -token ⟦uuid⟧"),
        COMMAND("nomad job run -consul-token=⟦uuid⟧ «web.hcl»"),
        COMMAND("rclone config create «remote» «sftp» host=«files.example» user=«ci» pass=⟦pw⟧"),
        COMMAND("restic -r «s3:s3.example/backup» --password-command '«cat /etc/restic»' snapshots"),
        COMMAND("RESTIC_PASSWORD=⟦pw⟧ restic -r «/srv/backup» check"),
        COMMAND("borg init --encryption=«repokey» «/srv/borg»"),
        COMMAND("mc alias set «acme» «https://minio.example» «ci» ⟦pw⟧"),
        COMMAND("s3cmd --access_key=⟦AKIA|up16⟧ --secret_key=⟦base40⟧ ls «s3://acme»"),
        COMMAND("rabbitmqctl add_user «app» ⟦pw⟧"),
        COMMAND("rabbitmqctl change_password «app» ⟦pw⟧"),
        COMMAND("rabbitmqadmin -u «admin» -p ⟦pw⟧ list «queues»"),
        COMMAND(
            "kafka-configs.sh --bootstrap-server «kafka:9092» --alter --add-config 'SCRAM-SHA-512=[password=⟦pw⟧]' --entity-type «users» --entity-name «app»"
        ),
        COMMAND("cqlsh «cassandra.example» -u «app» -p ⟦pw⟧ -k «shop»"),
        COMMAND("mysql --defaults-extra-file=«/etc/my.cnf» -e \"ALTER USER 'app'@'%' IDENTIFIED BY '⟦pw⟧'\""),
        COMMAND("mysql -uroot -p⟦pw⟧ -h«127.0.0.1» «orders» < «dump.sql»"),
        COMMAND('PGPASSWORD=⟦pw⟧ psql -h «db.example» -U «app» -d «orders» -c "«SELECT 1»"'),
        COMMAND("PGPASSWORD='⟦pw⟧' pg_restore --host «db.example» --username «app» --dbname «orders» «orders.dump»"),
        COMMAND("createuser --host=«db.example» --pwprompt «app»"),
        COMMAND("MYSQL_PWD=⟦pw⟧ mysqldump -u «backup» «orders»"),
        COMMAND("redis-cli -h «cache.example» --tls -p «6380» -a ⟦pw⟧ GET «user:17»"),
        COMMAND("REDISCLI_AUTH=⟦pw⟧ redis-cli PING"),
        COMMAND('mongosh "mongodb://cluster0.example/orders" -u «app» -p ⟦pw⟧ --quiet'),
        COMMAND("mongorestore --host «mongo.example» -u «app» --password=⟦pw⟧ --drop «dump/»"),
        COMMAND("sqlcmd -S «db.example» -U «sa» -P'⟦pw⟧' -i «init.sql»"),
        COMMAND("influx config create -n «prod» -u «http://influx.example:8086» -o «acme» -t ⟦url86+==⟧ -a"),
        COMMAND("elasticsearch-users useradd «maria» -p ⟦pw⟧ -r «superuser»"),
        COMMAND("htpasswd -bB «.htpasswd» «maria» ⟦pw⟧"),
        COMMAND("htpasswd -nb «maria» ⟦pw⟧"),
        COMMAND("echo 'maria:⟦pw⟧' | chpasswd¦"),
        COMMAND('echo "⟦pw⟧" | sudo -S ¦apt-get install «nginx»'),
        COMMAND("useradd -m -p '⟦$6$|an8+$+an86⟧' «maria»"),
        COMMAND("net use «Z:» «\\\\files.example\\share» ⟦pw⟧ /user:«ACME\\maria»"),
        COMMAND("cmdkey /add:«files.example» /user:«maria» /pass:⟦pw⟧"),
        COMMAND("psexec «\\\\web-1» -u «ACME\\maria» -p ⟦pw⟧ «cmd»"),
        COMMAND("smbclient «//files.example/share» -U «maria»%⟦pw⟧ -c '«ls»'"),
        COMMAND("mount -t cifs «//files.example/share» «/mnt» -o username=«maria»,password=⟦pw⟧,vers=«3.0»"),
        COMMAND("rsync --password-file=«/etc/rsync.pw» «rsync://backup@files.example/in» «/srv»"),
        COMMAND("lftp -u «maria»,⟦pw⟧ «sftp://files.example» -e '«mirror in»'"),
        COMMAND("ftp -n <<END\nuser maria ⟦pw⟧\nput «a.csv»\nEND"),
        COMMAND("ldapsearch -x -H «ldap://ldap.example» -D «cn=admin,dc=acme» -w ⟦pw⟧ -b «dc=acme» «uid=maria»"),
        COMMAND("kinit «maria@ACME.EXAMPLE» <<< '⟦pw⟧'"),
        COMMAND("gpg --batch --yes --passphrase ⟦pw⟧ -d «backup.gpg»"),
        COMMAND("gpg --pinentry-mode «loopback» --passphrase=⟦pw⟧ --sign «a.deb»"),
        COMMAND("openssl s_client -connect «db.example:636» -servername «db.example» -pass pass:⟦pw⟧"),
        COMMAND("openssl genrsa -aes256 -passout pass:⟦pw⟧ -out «key.pem» «4096»"),
        COMMAND("zip -e -P ⟦pw⟧ «a.zip» «a.csv»"),
        COMMAND("7z x «a.7z» -p⟦pw⟧ -o«/tmp/out»"),
        COMMAND("unrar x -p⟦pw⟧ «a.rar»"),
        COMMAND("qpdf --password=⟦pw⟧ --decrypt «in.pdf» «out.pdf»"),
        COMMAND("pdftk «in.pdf» input_pw ⟦pw⟧ output «out.pdf»"),
        COMMAND("nmcli device wifi connect «Acme» password ⟦pw⟧"),
        COMMAND("netsh wlan set profileparameter name=«Acme» keyMaterial=⟦pw⟧"),
        COMMAND("ffmpeg -i rtsp://cam:⟦pw⟧@10.0.0.7:554/«stream1» -c «copy» «out.mp4»"),
        COMMAND("ipmitool -I «lanplus» -H «10.0.0.9» -U «ADMIN» -P ⟦pw⟧ chassis «status»"),
        COMMAND("snmpget -v3 -u «ops» -l «authPriv» -a «SHA» -A ⟦pw⟧ -x «AES» -X ⟦pw⟧ «10.0.0.9» «sysName.0»"),
        COMMAND("curl -sS --netrc-file «/etc/netrc» --retry «3» «https://api.acme.example/v1/me»"),
        COMMAND(
            "curl -X POST «https://id.acme.example/token» -d grant_type=«password» -d username=«maria» -d password=⟦pw⟧"
        ),
        COMMAND('curl --json \'{"user":"«maria»","password":"⟦pw⟧"}\' «https://api.acme.example/login»'),
        COMMAND('curl -H "X-Vault-Token: ⟦hvs.|an24⟧" -X «LIST» «https://vault.example/v1/secret/metadata»'),
        COMMAND("curl -H «Content-Type:application/json» -H apikey:⟦an32⟧ «https://api.acme.example/v1/me»"),
        COMMAND("http --auth-type=«bearer» --auth=⟦url40⟧ «https://api.acme.example/v1/me»"),
        COMMAND("http --session=«ops» -A «basic» -a maria:⟦pw⟧ «https://api.acme.example/v1/me»"),
        COMMAND("wget --http-user=«maria» --http-password='⟦pw⟧' -q «https://files.acme.example/a.tgz»"),
        COMMAND("grpcurl -H 'authorization: Bearer ⟦jwt⟧' -d '{\"id\":«17»}' «api.example:443» «acme.Orders/Get»"),
        COMMAND("websocat -H='X-Api-Key: ⟦an32⟧' «wss://api.example/ws»"),
        COMMAND(
            "java -Djavax.net.ssl.trustStorePassword=⟦pw⟧ -Djavax.net.ssl.trustStore=«/etc/ssl/trust.jks» -Xmx«512m» -jar «app.jar»"
        ),
        COMMAND("java -jar «app.jar» --spring.datasource.password=⟦pw⟧ --server.port=«8080»"),
        COMMAND("node «server.js» --port «3000» --jwt-secret ⟦an40⟧ --log-level «info»"),
        COMMAND("python «manage.py» createsuperuser --username «maria» --email «maria@acme.example» --noinput"),
        COMMAND("flask run --host «0.0.0.0» --port «8000»"),
        COMMAND("uvicorn «app:main» --ssl-keyfile-password ⟦pw⟧ --workers «4»"),
        COMMAND('php artisan tinker --execute="«User::first()»"'),
        COMMAND("wp user create «maria» «maria@acme.example» --role=«editor» --user_pass=⟦pw⟧"),
        COMMAND("wp config create --dbname=«shop» --dbuser=«app» --dbpass=⟦pw⟧ --dbhost=«db.example»"),
        COMMAND('drush user:password «maria» "⟦pw⟧"'),
        COMMAND(
            "bin/magento admin:user:create --admin-user=«maria» --admin-password=⟦pw⟧ --admin-email=«maria@acme.example»"
        ),
        COMMAND("mosquitto_pub -h «mqtt.example» -t «home/temp» -m «21.5» -u «app» -P ⟦pw⟧"),
        COMMAND("mosquitto_passwd -b «/etc/mosquitto/passwd» «app» ⟦pw⟧"),
        COMMAND("sentry-cli --auth-token ⟦hex64⟧ releases new «1.4.2»"),
        COMMAND("datadog-ci lambda instrument -f «orders» -r «eu-west-1» --apiKey ⟦hex32⟧"),
        COMMAND("snyk auth ⟦uuid⟧"),
        COMMAND("cargo login ⟦an35⟧"),
        COMMAND("composer config http-basic.repo.example «ci» ⟦pw⟧"),
        COMMAND("bundle config set --global gems.example ci:⟦pw⟧"),
        COMMAND("gem push «acme-1.4.gem» --key «rubygems» --otp ⟦d6⟧"),
        COMMAND("op item create --category=«login» --title='«Acme»' password=⟦pw⟧"),
        COMMAND("sshpass -p \"⟦pw⟧\" ssh -p «2222» «root@10.0.0.7» '«systemctl status nginx»'"),
        COMMAND('expect -c \'spawn ssh «ops@10.0.0.9»; expect "assword:"; send "⟦pw⟧\\r"\''),
        COMMAND("ykman oath accounts code «acme»"),
        COMMAND("oathtool --totp -b ⟦up32⟧"),
        COMMAND('oathtool --base32 --totp "⟦up32⟧" --digits=«6»'),
        COMMAND("systemctl set-environment API_TOKEN=⟦an40⟧"),
        COMMAND("setx DB_PASSWORD ⟦pw⟧ /M"),
        COMMAND("set DB_PASSWORD=⟦pw⟧ && npm run «migrate»"),
        COMMAND('$env:API_KEY = "⟦an32⟧"; dotnet run --project «Shop»'),
        COMMAND('read -s -p "«Password: »" PASSWORD'),
        COMMAND("export PASSWORD=$(«cat /run/secrets/db»)"),
        COMMAND("grep -rn «password» «src/» --include=«*.py»"),
        COMMAND('git commit -m "«Rotate the api key»" «config/keys.yml»'),
        COMMAND("pytest -k «test_token_refresh» --maxfail=«1» «tests/auth»"),
        COMMAND("ls -l «/run/secrets/db_password»"),
        COMMAND('ssh-keygen -t «rsa» -b «4096» -N "⟦pw⟧" -f «id_rsa»'),
        COMMAND("ssh -i «~/.ssh/id_ed25519» -p «22» «deploy@host.example» «uptime»"),
        COMMAND("certbot certonly --dns-cloudflare-credentials «/etc/cf.ini» -d «shop.example»"),
        COMMAND("passwd --stdin «maria»"),
        COMMAND("keytool -list -keystore «acme.jks» -storepass ⟦pw⟧"),
    ),
    "Child processes": (
        MESSAGE("Command '['mysqldump', '-u', '«backup»', '-p⟦pw⟧', '«orders»']' returned non-zero exit status «2»."),
        MESSAGE(
            "Command failed: psql postgres://app:⟦pw⟧@db.example/orders -f «init.sql»\npsql: error: «connection refused»"
        ),
        MESSAGE("Error: Command failed with exit code «1»: curl -u maria:⟦pw⟧ «https://api.example/v1/me»"),
        MESSAGE(
            "exit status «1»: docker login -u «ci» -p ⟦pw⟧ «registry.example»: «unauthorized: incorrect username or password»"
        ),
        MESSAGE('exec: "sshpass -p ⟦pw⟧ scp «a.tgz» «ops@10.0.0.7»:/srv": «executable file not found in $PATH»'),
        MESSAGE(
            'subprocess.CalledProcessError: Command \'("az", "login", "-u", "«ci»", "-p", "⟦pw⟧")\' died with «SIGTERM»'
        ),
        MESSAGE("spawn(«helm», [«upgrade», «web», '--set', 'db.password=⟦pw⟧']) exited with «1»"),
        LOG(
            "+ docker login -u «ci» -p ⟦pw⟧ «registry.example»\n«WARNING! Using --password via the CLI is insecure. Use --password-stdin.»\n«Login Succeeded»"
        ),
        LOG("$ export API_TOKEN=⟦an40⟧\n$ ./deploy.sh «prod»\n«Deployed 3 functions in 12s»"),
        LOG("++ PGPASSWORD=⟦pw⟧\n++ psql -h «db.example» -U «app»\n«psql (16.2)»"),
        LOG("«maria»     «4711»  «0.0»  «0.1» «12345»  «678» ?  S  «10:15»  «0:00» mysql -u root -p⟦pw⟧ «orders»"),
        LOG("[«2025-05-01T10:15:00Z»] Running `terraform apply -var db_password=⟦pw⟧ -auto-approve` in «/srv/infra»"),
        LOG("[Pipeline] sh\n+ curl -H 'X-Api-Key: ⟦an32⟧' «https://deploy.example/run»\n{«\"ok\":true»}"),
        LOG('time=«10:15:00» cmd="redis-cli -a ⟦pw⟧ PING" rc=«0» out=«PONG»'),
        LOG("Executing: /usr/bin/openssl pkcs12 -in «a.p12» -passin pass:⟦pw⟧ -nodes"),
    ),
}
