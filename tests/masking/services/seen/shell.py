"""Command lines of tools: as shells, build logs, `ps` and errors of child processes show them."""

from tests.masking.services.shapes import COMMAND, LOG, MESSAGE, YAML

SERVICES = {
    "curl": (
        COMMAND("curl -u admin:⟦pw⟧ -X POST -H 'Accept: «application/json»' «https://api.acme.example/v1/jobs»"),
        COMMAND("curl -uadmin:⟦pw⟧ «https://api.acme.example/v1/jobs» --max-time «30» --retry «3»"),
        COMMAND('curl --user="deploy:⟦pw⟧" --cacert «/etc/ssl/ca.pem» -o «out.json» «https://api.acme.example/»'),
        COMMAND('curl -sSL -H "X-Acme-Key: ⟦an32⟧" -H "Accept-Language: «de-DE»" "«https://api.acme.example/v2/me»"'),
        COMMAND("curl -H 'Authorization: Token ⟦hex40⟧' -H 'X-Request-Id: «~uuid»' «https://api.acme.example/v2/me»"),
        COMMAND("curl --header 'PRIVATE-TOKEN: ⟦an20⟧' --url '«https://git.example/api/v4/projects?per_page=50»'"),
        COMMAND("curl -b 'sessionid=⟦an32⟧; lang=de' -A '«curl/8.5.0»' «https://www.acme.example/account»"),
        COMMAND('curl --cookie "sid=⟦an26⟧" --connect-timeout «5» «https://www.acme.example/account»'),
        COMMAND("curl -d 'username=«maria»&password=⟦pw⟧&remember=«true»' «https://www.acme.example/login»"),
        COMMAND(
            "curl --data-urlencode 'client_secret=⟦url40⟧' --data-urlencode 'scope=«read write»' «https://id.acme.example/token»"
        ),
        COMMAND(
            "curl -F 'file=@«report.pdf»' -F 'token=⟦an24⟧' -F 'channels=«ops»' «https://files.acme.example/upload»"
        ),
        COMMAND("curl -x http://proxyuser:⟦pw⟧@proxy.acme.example:3128 -I «https://www.acme.example/»"),
        COMMAND("curl --proxy-user jo:⟦pw⟧ --proxy «http://proxy.acme.example:3128» «https://www.acme.example/»"),
        COMMAND("curl --oauth2-bearer ⟦url40⟧ «https://api.acme.example/v2/me» --compressed"),
        COMMAND("curl --cert «client.pem»:⟦pw⟧ --key «client.key» --pass ⟦pw⟧ «https://mtls.acme.example/»"),
        COMMAND("wget --user=«maria» --password=⟦pw⟧ --tries=«3» -O «dump.tgz» «https://files.acme.example/dump.tgz»"),
        COMMAND(
            "wget --header='X-Auth-Token: ⟦hex32⟧' --http-user «jo» --http-passwd ⟦pw⟧ «https://files.acme.example/»"
        ),
        COMMAND("http -a admin:⟦pw⟧ POST «https://api.acme.example/v1/users» name=«maria» password=⟦pw⟧ role=«admin»"),
        COMMAND("http GET «https://api.acme.example/v1/users» 'X-API-Key:⟦an32⟧' page==«2»"),
        COMMAND("xh --auth maria:⟦pw⟧ «https://api.acme.example/v1/users»"),
    ),
    "Database clients": (
        COMMAND("mysql -h «db.example» -P «3306» -u «app» -p⟦pw⟧ «orders» -e '«SHOW TABLES»'"),
        COMMAND("mysqldump --host=«db.example» --user=«backup» --password=⟦pw⟧ --single-transaction «orders»"),
        COMMAND("mariadb -u«root» -p'⟦pw⟧' --protocol=«tcp» «orders»"),
        COMMAND("mysqladmin -u «root» -p⟦pw⟧ ping --connect-timeout=«5»"),
        COMMAND("psql postgresql://app:⟦pw⟧@db.example:5432/orders -c '«select 1»' --set «ON_ERROR_STOP=1»"),
        COMMAND('psql "host=«db.example» port=«5432» dbname=«orders» user=«app» password=⟦pw⟧ sslmode=«require»"'),
        COMMAND("pg_dump --dbname=postgres://backup:⟦pw⟧@db.example/orders --format=«custom» --file=«orders.dump»"),
        COMMAND("mongosh 'mongodb+srv://app:⟦pw⟧@cluster0.example/orders' --eval '«db.stats()»'"),
        COMMAND("mongosh --host «mongo.example» --username «app» --password ⟦pw⟧ --authenticationDatabase «admin»"),
        COMMAND(
            'mongodump --uri="mongodb://app:⟦pw⟧@mongo.example:27017/?authSource=admin" --gzip --archive=«orders.gz»'
        ),
        COMMAND("redis-cli -h «cache.example» -p «6379» -a ⟦pw⟧ --no-auth-warning PING"),
        COMMAND("redis-cli -u redis://default:⟦pw⟧@cache.example:6379/«0» DBSIZE"),
        COMMAND("redis-cli --user «app» --pass ⟦pw⟧ -n «3» INFO"),
        COMMAND("redis-server --port «6379» --requirepass ⟦pw⟧ --maxmemory «512mb» --appendonly «yes»"),
        COMMAND("redis-cli CONFIG SET requirepass ⟦pw⟧"),
        COMMAND("sqlcmd -S «tcp:db.example,1433» -U «sa» -P ⟦pw⟧ -d «orders» -Q '«SELECT 1»'"),
        COMMAND("bcp «orders.dbo.items» out «items.dat» -S «db.example» -U «etl» -P ⟦pw⟧ -c"),
        COMMAND("sqlplus system/⟦pw⟧@//db.example:1521/ORCLPDB1 @«report.sql»"),
        COMMAND("clickhouse-client --host «ch.example» --user «default» --password ⟦pw⟧ --query '«SELECT 1»'"),
        COMMAND("snowsql -a «acme-eu1» -u «etl» -w «WH_S» --private-key-passphrase ⟦pw⟧"),
        COMMAND("cockroach sql --url 'postgresql://root:⟦pw⟧@crdb.example:26257/defaultdb?sslmode=verify-full'"),
        COMMAND("influx -username «admin» -password ⟦pw⟧ -execute '«SHOW DATABASES»'"),
        COMMAND("cypher-shell -a «bolt://neo4j.example:7687» -u «neo4j» -p ⟦pw⟧ '«RETURN 1»'"),
        COMMAND("neo4j-admin dbms set-initial-password ⟦pw⟧"),
        COMMAND("isql-fb -user «SYSDBA» -password ⟦pw⟧ «/data/orders.fdb»"),
        COMMAND("db2 connect to «ORDERS» user «db2inst1» using ⟦pw⟧"),
    ),
    "Shells and keys": (
        COMMAND("sshpass -p ⟦pw⟧ ssh -o StrictHostKeyChecking=«no» «deploy@host.example» «uptime»"),
        COMMAND("sshpass -p'⟦pw⟧' scp «dist.tgz» «deploy@host.example:/srv/»"),
        COMMAND("SSHPASS=⟦pw⟧ sshpass -e rsync -az «./dist/» «deploy@host.example:/srv/»"),
        COMMAND("openssl rsa -in «key.pem» -passin pass:⟦pw⟧ -out «plain.pem»"),
        COMMAND(
            "openssl pkcs12 -export -in «cert.pem» -inkey «key.pem» -out «bundle.p12» -passout pass:⟦pw⟧ -name «acme»"
        ),
        COMMAND("openssl enc -aes-256-cbc -pbkdf2 -k ⟦pw⟧ -in «backup.tar» -out «backup.tar.enc»"),
        COMMAND("openssl enc -d -aes-256-cbc -K ⟦hex64⟧ -iv «00000000000000000000000000000001» -in «backup.enc»"),
        COMMAND("openssl dgst -sha256 -hmac ⟦an40⟧ «body.json»"),
        COMMAND(
            "keytool -importkeystore -srckeystore «in.p12» -srcstorepass ⟦pw⟧ -destkeystore «out.jks» -deststorepass ⟦pw⟧ -alias «acme»"
        ),
        COMMAND("keytool -genkeypair -keyalg «RSA» -keysize «2048» -storepass ⟦pw⟧ -keypass ⟦pw⟧ -validity «365»"),
        COMMAND("jarsigner -keystore «acme.jks» -storepass ⟦pw⟧ -keypass ⟦pw⟧ «app.jar» «acme»"),
        COMMAND("ssh-keygen -t «ed25519» -N ⟦pw⟧ -f «/tmp/id_ed25519» -C «deploy@acme»"),
        COMMAND("gpg --batch --yes --passphrase ⟦pw⟧ --output «dump.sql» --decrypt «dump.sql.gpg»"),
        COMMAND("zip -r -P ⟦pw⟧ «out.zip» «reports/»"),
        COMMAND("unzip -P ⟦pw⟧ -d «/tmp/in» «in.zip»"),
        COMMAND("7z a -p⟦pw⟧ -mhe=«on» «out.7z» «reports/»"),
        COMMAND("qpdf --encrypt ⟦pw⟧ ⟦pw⟧ «256» -- «in.pdf» «out.pdf»"),
        COMMAND("pdftotext -upw ⟦pw⟧ «in.pdf» «out.txt»"),
        COMMAND("htpasswd -bnBC «10» maria ⟦pw⟧"),
        COMMAND("htpasswd -b «/etc/nginx/.htpasswd» maria ⟦pw⟧"),
        COMMAND("echo 'deploy:⟦pw⟧' | chpasswd"),
        COMMAND("echo ⟦pw⟧ | sudo -S systemctl restart «nginx»"),
        COMMAND('echo "⟦pw⟧" | docker login -u «acme» --password-stdin «registry.example»'),
        COMMAND("useradd -m -p '⟦$6$|an16⟧$⟦an86⟧' -s «/bin/bash» «maria»"),
        COMMAND("export AWS_SECRET_ACCESS_KEY=⟦an40⟧; export AWS_REGION=«eu-west-1»"),
        COMMAND("env DB_HOST=«db.example» DB_PASSWORD=⟦pw⟧ «/usr/bin/node» «server.js»"),
        COMMAND("API_TOKEN=⟦an32⟧ LOG_LEVEL=«debug» ./deploy.sh «production»"),
        COMMAND("smbclient //files.example/share -U «ACME\\\\maria»%⟦pw⟧ -c '«ls»'"),
        COMMAND("mount -t cifs //files.example/share «/mnt/share» -o username=«maria»,password=⟦pw⟧,vers=«3.0»"),
        COMMAND("lftp -u maria,⟦pw⟧ «sftp://files.example» -e '«mirror -R dist»'"),
        COMMAND("lftp ftp://maria:⟦pw⟧@files.example/in -e '«ls; bye»'"),
        COMMAND(
            "rclone config create «remote» «s3» access_key_id=⟦AKIA|up16⟧ secret_access_key=⟦an40⟧ region=«eu-west-1»"
        ),
        COMMAND("restic -r «s3:s3.example/backup» --password-command '«pass show restic»' snapshots"),
        COMMAND("borg init --encryption=«repokey» «/backup» && export BORG_PASSPHRASE=⟦pw⟧"),
        COMMAND("cryptsetup luksAddKey «/dev/sda2» --key-slot «1»"),
        COMMAND("nmcli dev wifi connect «Acme-Guest» password ⟦pw⟧ ifname «wlan0»"),
        COMMAND("wpa_passphrase «Acme-Guest» ⟦pw⟧"),
        COMMAND("iwconfig wlan0 essid «Acme» key s:⟦an13⟧"),
        COMMAND("openvpn --config «client.ovpn» --auth-user-pass «/etc/openvpn/auth» --verb «3»"),
        COMMAND("xfreerdp /u:«maria» /p:⟦pw⟧ /v:«rdp.example» /w:«1280»"),
        COMMAND("net use «Z:» \\\\\\\\files\\\\share ⟦pw⟧ /user:«ACME\\\\maria»"),
        COMMAND("cmdkey /add:«files.example» /user:«maria» /pass:⟦pw⟧"),
        COMMAND("winrm -hostname «win.example» -username «admin» -password ⟦pw⟧"),
        COMMAND("schtasks /create /tn «Backup» /tr «backup.exe» /sc «daily» /ru «ACME\\\\svc» /rp ⟦pw⟧"),
        COMMAND("dsconfigad -add «acme.example» -username «join» -password ⟦pw⟧ -ou «OU=Macs»"),
        COMMAND("security add-generic-password -a «maria» -s «acme» -w ⟦pw⟧"),
        COMMAND("security unlock-keychain -p ⟦pw⟧ «login.keychain»"),
    ),
    "Windows and remote shells": (
        COMMAND("plink -ssh -l «maria» -pw ⟦pw⟧ «host.example» «uptime»"),
        COMMAND("pscp -pw ⟦pw⟧ «a.txt» «maria@host.example:/tmp»"),
        COMMAND('$p = ConvertTo-SecureString "⟦pw⟧" -AsPlainText -Force; New-ADUser -Name «maria» -Enabled «$true»'),
        COMMAND("Connect-VIServer -Server «vc.example» -User «admin» -Password ⟦pw⟧"),
        COMMAND("psexec \\\\host -u «ACME\\maria» -p ⟦pw⟧ «cmd.exe»"),
        COMMAND("usermod -p '⟦$6$|an16⟧$⟦an86⟧' «maria»"),
        COMMAND("kadmin -p «admin» -w ⟦pw⟧ -q '«listprincs»'"),
        COMMAND("rdesktop -u «maria» -p ⟦pw⟧ -g «1280x800» «rdp.example»"),
        COMMAND("etcdctl --user root:⟦pw⟧ --endpoints «https://etcd.example:2379» member list"),
        COMMAND("transmission-remote «9091» -n app:⟦pw⟧ --list"),
        COMMAND("aria2c --rpc-secret=⟦an32⟧ --max-connection-per-server=«4» «https://files.example/a.iso»"),
        COMMAND("flyway -url=«jdbc:postgresql://db.example/orders» -user=«app» -password=⟦pw⟧ migrate"),
        COMMAND("liquibase --username=«app» --password=⟦pw⟧ --changelog-file=«changes.xml» update"),
        COMMAND("s3cmd --access_key=⟦AKIA|up16⟧ --secret_key=⟦an40⟧ ls «s3://acme»"),
        COMMAND("swift -A «https://auth.example/v3» -U «acme:maria» --os-password ⟦pw⟧ list"),
    ),
    "Directories and mail": (
        COMMAND(
            "ldapsearch -x -H «ldaps://ldap.example» -D '«cn=admin,dc=acme,dc=example»' -w ⟦pw⟧ -b '«dc=acme,dc=example»' '«(uid=maria)»'"
        ),
        COMMAND("ldapmodify -D «cn=admin,dc=acme» -w '⟦pw⟧' -f «change.ldif»"),
        COMMAND("ldappasswd -s ⟦pw⟧ -W -D «cn=admin,dc=acme» «uid=maria,ou=people,dc=acme»"),
        COMMAND("samba-tool user setpassword «maria» --newpassword=⟦pw⟧"),
        COMMAND("kinit --password-file=«/etc/krb5.pw» «maria@ACME.EXAMPLE»"),
        COMMAND(
            "swaks --to «maria@example.com» --server «smtp.example:587» --auth-user «app» --auth-password ⟦pw⟧ --tls"
        ),
        COMMAND(
            "sendemail -f «app@acme.example» -t «maria@example.com» -s «smtp.example:587» -xu «app» -xp ⟦pw⟧ -u «Report»"
        ),
        COMMAND("snmpwalk -v «2c» -c ⟦an16⟧ «switch.example» «1.3.6.1.2.1.1»"),
        COMMAND(
            "snmpget -v3 -u «monitor» -l «authPriv» -a «SHA» -A ⟦pw⟧ -x «AES» -X ⟦pw⟧ «switch.example» «sysUpTime.0»"
        ),
        COMMAND("ipmitool -I «lanplus» -H «bmc.example» -U «ADMIN» -P ⟦pw⟧ chassis power «status»"),
        COMMAND("radtest «maria» ⟦pw⟧ «radius.example» «0» ⟦an16⟧"),
        COMMAND("mosquitto_sub -h «mqtt.example» -t «sensors/#» -u «app» -P ⟦pw⟧ -q «1»"),
        COMMAND("kcat -b «kafka.example:9093» -X sasl.username=«app» -X sasl.password=⟦pw⟧ -L"),
        COMMAND("nats --server «nats://nats.example» --user «app» --password ⟦pw⟧ sub «orders.>»"),
    ),
    "Containers": (
        COMMAND("docker login -u «acme» -p ⟦pw⟧ «registry.example»"),
        COMMAND(
            "docker run -d --name «db» -p «5432:5432» -e POSTGRES_PASSWORD=⟦pw⟧ -e POSTGRES_DB=«orders» «postgres:16»"
        ),
        COMMAND("docker run --rm --env API_KEY=⟦an32⟧ --env STAGE=«prod» -v «/data:/data» «acme/worker:1.4»"),
        COMMAND("docker build --build-arg NPM_TOKEN=⟦an36⟧ --build-arg VERSION=«1.4.2» -t «acme/web:1.4.2» «.»"),
        COMMAND("docker service create --name «web» --env DB_PASS=⟦pw⟧ --replicas «3» «acme/web»"),
        COMMAND("podman login «quay.example» --username «robot» --password ⟦pw⟧"),
        COMMAND(
            "skopeo copy --src-creds=robot:⟦pw⟧ --dest-creds robot:⟦pw⟧ «docker://a.example/web» «docker://b.example/web»"
        ),
        COMMAND("crane auth login «registry.example» -u «robot» -p ⟦pw⟧"),
        COMMAND("nerdctl login -u «robot» -p ⟦pw⟧ «registry.example»"),
        COMMAND("helm registry login «registry.example» --username «robot» --password ⟦pw⟧"),
        COMMAND(
            "helm install «db» «bitnami/postgresql» --set auth.postgresPassword=⟦pw⟧,auth.database=«orders» --version «15.2.5»"
        ),
        COMMAND("helm upgrade «app» «./chart» --set-string config.apiKey=⟦an32⟧ --set «replicas=3» --wait"),
        COMMAND("helm repo add «acme» «https://charts.acme.example» --username «robot» --password ⟦pw⟧"),
        COMMAND(
            "kubectl create secret generic «db» --from-literal=password=⟦pw⟧ --from-literal=host=«db.example» -n «shop»"
        ),
        COMMAND("kubectl create secret generic «app» --from-literal=stripe=⟦an40⟧ --dry-run=«client» -o «yaml»"),
        COMMAND(
            "kubectl create secret docker-registry «regcred» --docker-server=«registry.example» --docker-username=«robot» --docker-password=⟦pw⟧"
        ),
        COMMAND("kubectl config set-credentials «ci» --token=⟦an64⟧"),
        COMMAND("kubectl --token ⟦an64⟧ --server «https://k8s.example:6443» get pods -n «shop»"),
        COMMAND("oc login «https://api.ocp.example:6443» -u «maria» -p ⟦pw⟧"),
        COMMAND("argocd login «argocd.example» --username «admin» --password ⟦pw⟧ --grpc-web"),
        COMMAND("argocd account update-password --current-password ⟦pw⟧ --new-password ⟦pw⟧"),
        COMMAND("k3s agent --server «https://k3s.example:6443» --token ⟦an54⟧"),
        COMMAND("kubeadm join «10.0.0.7:6443» --token ⟦lan6⟧.⟦lan16⟧ --discovery-token-ca-cert-hash «~sha256:+hex64»"),
        COMMAND("docker swarm join --token ⟦SWMTKN-1-|lan50⟧-⟦lan25⟧ «10.0.0.7:2377»"),
        COMMAND("rancher login «https://rancher.example/v3» --token token-abcde:⟦lan54⟧"),
        COMMAND("kubeseal --raw --name «db» --namespace «shop» --from-file=«/dev/stdin»"),
    ),
    "Cloud command lines": (
        COMMAND("aws configure set aws_secret_access_key ⟦an40⟧ --profile «ci»"),
        COMMAND("aws secretsmanager create-secret --name «prod/db» --secret-string '⟦pw⟧' --region «eu-west-1»"),
        COMMAND("aws ssm put-parameter --name «/prod/db/password» --type SecureString --value ⟦pw⟧ --overwrite"),
        COMMAND(
            "aws rds create-db-instance --db-instance-identifier «orders» --master-username «app» --master-user-password ⟦pw⟧ --engine «mysql»"
        ),
        COMMAND(
            "aws cognito-idp admin-set-user-password --user-pool-id «eu-west-1_AbCdEf» --username «maria» --password ⟦pw⟧ --permanent"
        ),
        COMMAND(
            "aws cognito-idp initiate-auth --auth-flow «USER_PASSWORD_AUTH» --auth-parameters USERNAME=«maria»,PASSWORD=⟦pw⟧"
        ),
        COMMAND("aws iam create-login-profile --user-name «maria» --password ⟦pw⟧ --password-reset-required"),
        COMMAND(
            "aws lambda update-function-configuration --function-name «orders» --environment 'Variables={DB_HOST=«db.example»,DB_PASSWORD=⟦pw⟧}'"
        ),
        COMMAND(
            "aws sts get-session-token --serial-number «arn:aws:iam::123456789012:mfa/maria» --token-code ⟦d6⟧ --duration-seconds «3600»"
        ),
        COMMAND("az login --service-principal -u «~uuid» -p ⟦an3+8Q~+url34⟧ --tenant «acme.onmicrosoft.example»"),
        COMMAND("az login -u «maria@acme.example» -p ⟦pw⟧"),
        COMMAND("az keyvault secret set --vault-name «acme» --name «db» --value ⟦pw⟧"),
        COMMAND(
            "az sql server create --name «orders» --admin-user «app» --admin-password ⟦pw⟧ --location «westeurope»"
        ),
        COMMAND(
            "az storage blob upload --account-name «acme» --account-key ⟦base86+==⟧ --container-name «in» --file «a.csv»"
        ),
        COMMAND("az webapp config appsettings set --name «web» --settings DB_PASSWORD=⟦pw⟧ WEBSITE_TIME_ZONE=«CET»"),
        COMMAND("azcopy copy «./a.csv» 'https://acme.blob.core.windows.net/in/a.csv?sv=«2023-11-03»&sig=⟦base43+%3D⟧'"),
        COMMAND("gcloud sql users set-password «app» --instance=«orders» --password=⟦pw⟧"),
        COMMAND("gcloud run deploy «web» --set-env-vars=DB_PASS=⟦pw⟧,STAGE=«prod» --region=«europe-west1»"),
        COMMAND("gsutil -o Credentials:gs_secret_access_key=⟦an40⟧ ls «gs://acme»"),
        COMMAND("doctl auth init --access-token ⟦hex64⟧ --context «prod»"),
        COMMAND("flyctl secrets set DATABASE_URL=postgres://app:⟦pw⟧@db.example/orders STRIPE_KEY=⟦an32⟧ -a «shop»"),
        COMMAND("heroku config:set SECRET_KEY_BASE=⟦hex128⟧ LANG=«en_US.UTF-8» -a «shop»"),
        COMMAND("vercel --token ⟦an24⟧ --prod --scope «acme»"),
        COMMAND("netlify deploy --auth ⟦url43⟧ --site «~uuid» --dir «dist» --prod"),
        COMMAND("wrangler secret put API_KEY --env «production»"),
        COMMAND("gh secret set DEPLOY_KEY --body ⟦an40⟧ --repo «acme/shop»"),
        COMMAND('gh secret set NPM_TOKEN -b"⟦an36⟧" -R «acme/shop»'),
        COMMAND("gh auth login --hostname «github.acme.example» --with-token"),
        COMMAND("glab variable set DB_PASSWORD ⟦pw⟧ --scope «production»"),
        COMMAND("vault write secret/data/db username=«app» password=⟦pw⟧ ttl=«1h»"),
        COMMAND("vault kv put secret/app api_key=⟦an32⟧ region=«eu»"),
        COMMAND("vault write auth/approle/login role_id=«~uuid» secret_id=⟦uuid⟧"),
        COMMAND("vault operator unseal ⟦base43+=⟧"),
        COMMAND("VAULT_ADDR=«https://vault.example:8200» VAULT_TOKEN=⟦an26⟧ vault status"),
        COMMAND("consul kv get -token=⟦uuid⟧ «config/app»"),
        COMMAND("nomad job run -vault-token=⟦an26⟧ «app.nomad»"),
        COMMAND("pulumi config set --secret dbPassword ⟦pw⟧ --stack «prod»"),
        COMMAND("terraform plan -var 'db_password=⟦pw⟧' -var '«region=eu-west-1»' -out «plan.bin»"),
        COMMAND('terraform init -backend-config="access_key=⟦an20⟧" -backend-config="bucket=«state»"'),
        COMMAND("ansible-playbook «site.yml» -e 'ansible_become_pass=⟦pw⟧' -i «hosts.ini» --forks «10»"),
        COMMAND('ansible all -m «ping» -e "ansible_user=«deploy» ansible_password=⟦pw⟧"'),
        COMMAND('sls deploy --stage «prod» --param="apiKey=⟦an32⟧" --region «eu-west-1»'),
        COMMAND("sam deploy --stack-name «shop» --parameter-overrides DbPassword=⟦pw⟧ Stage=«prod»"),
        COMMAND("cdk deploy -c «stage=prod» --parameters DbPassword=⟦pw⟧"),
        COMMAND("eb setenv DB_PASSWORD=⟦pw⟧ NODE_ENV=«production»"),
        COMMAND("copilot secret init --name «db» --values prod=⟦pw⟧"),
        COMMAND("chamber write «shop» db_password ⟦pw⟧"),
        COMMAND("credstash put «prod.db.password» ⟦pw⟧"),
        COMMAND("doppler secrets set STRIPE_KEY=⟦an32⟧ --project «shop» --config «prd»"),
        COMMAND("op item create --category «login» --title «db» password=⟦pw⟧ username=«app»"),
        COMMAND("bw login «maria@acme.example» ⟦pw⟧ --method «0» --code ⟦d6⟧"),
        COMMAND("linode-cli linodes create --root_pass ⟦pw⟧ --type «g6-nanode-1» --region «eu-central»"),
        COMMAND("openstack --os-username «maria» --os-password ⟦pw⟧ --os-project-name «acme» server list"),
        COMMAND("cf login -a «https://api.cf.example» -u «maria» -p ⟦pw⟧ -o «acme» -s «dev»"),
        COMMAND("cf set-env «shop» DB_PASSWORD ⟦pw⟧"),
        COMMAND("snyk auth ⟦uuid⟧"),
        COMMAND(
            "sonar-scanner -Dsonar.login=⟦hex40⟧ -Dsonar.projectKey=«shop» -Dsonar.host.url=«https://sonar.example»"
        ),
        COMMAND("sentry-cli --auth-token ⟦hex64⟧ releases new «1.4.2» --org «acme»"),
        COMMAND("ngrok config add-authtoken ⟦an27⟧_⟦an21⟧"),
        COMMAND("stripe listen --api-key ⟦an32⟧ --forward-to «localhost:4242/webhook»"),
        COMMAND("twilio login «AC0123456789abcdef0123456789abcdef» --auth-token ⟦hex32⟧ --profile «dev»"),
        COMMAND("newman run «api.json» --env-var apiKey=⟦an32⟧ --env-var host=«api.example» --timeout-request «5000»"),
        COMMAND("k6 run -e TOKEN=⟦an32⟧ -e VUS=«10» «load.js»"),
        COMMAND("jmeter -n -t «plan.jmx» -Jpassword=⟦pw⟧ -Jthreads=«10»"),
        COMMAND("locust --headless -u «100» -r «10» --host «https://api.example»"),
    ),
    "Builds": (
        COMMAND("mvn deploy -Dgpg.passphrase=⟦pw⟧ -Drevision=«1.4.2» -DskipTests=«true» -B"),
        COMMAND(
            "java -Djavax.net.ssl.keyStorePassword=⟦pw⟧ -Dspring.datasource.password=⟦pw⟧ -Dserver.port=«8080» -Xmx«512m» -jar «app.jar»"
        ),
        COMMAND("java -jar «app.jar» --spring.datasource.password=⟦pw⟧ --spring.profiles.active=«prod»"),
        COMMAND("gradle publish -PsigningPassword=⟦pw⟧ -PossrhUsername=«acme» -Pversion=«1.4.2»"),
        COMMAND("./gradlew sonar -Psonar.token=⟦hex40⟧ --no-daemon --max-workers=«2»"),
        COMMAND("npm config set «//registry.npmjs.org/»:_authToken=⟦an36⟧"),
        COMMAND("npm publish --otp=⟦d6⟧ --tag «next» --access «public»"),
        COMMAND("yarn config set npmAuthToken ⟦uuid⟧"),
        COMMAND("pip install --index-url https://ci:⟦an32⟧@pypi.acme.example/simple/ «acme-lib==1.4.2»"),
        COMMAND("pip install git+https://x-access-token:⟦an40⟧@github.example/acme/lib.git@«v1.4»"),
        COMMAND("poetry config http-basic.acme «ci» ⟦pw⟧"),
        COMMAND("poetry publish -u «__token__» -p ⟦an40⟧ --repository «acme»"),
        COMMAND("cargo login ⟦an35⟧"),
        COMMAND("cargo publish --token ⟦an35⟧ --registry «acme» --allow-dirty"),
        COMMAND("gem push «acme-1.4.2.gem» --key «acme» --otp ⟦d6⟧"),
        COMMAND("bundle config set --global «gems.acme.example» ci:⟦hex32⟧"),
        COMMAND("composer config --global github-oauth.github.com ⟦an40⟧"),
        COMMAND("composer config http-basic.repo.acme.example «ci» ⟦pw⟧"),
        COMMAND("nuget push «Acme.1.4.2.nupkg» -ApiKey ⟦lan46⟧ -Source «https://nuget.acme.example»"),
        COMMAND("dotnet nuget push «Acme.1.4.2.nupkg» -k ⟦lan46⟧ -s «https://nuget.acme.example»"),
        COMMAND(
            "dotnet nuget add source «https://nuget.acme.example» -n «acme» -u «ci» -p ⟦pw⟧ --store-password-in-clear-text"
        ),
        COMMAND('dotnet user-secrets set "Db:Password" "⟦pw⟧" --project «src/Acme»'),
        COMMAND("msbuild «Acme.sln» /p:Configuration=«Release» /p:DeployPassword=⟦pw⟧ /m:«4»"),
        COMMAND("signtool sign /f «acme.pfx» /p ⟦pw⟧ /fd «sha256» /tr «http://ts.example» «app.exe»"),
        COMMAND(
            "xcrun notarytool submit «app.zip» --apple-id «maria@example.com» --password ⟦lan4+-+lan4+-+lan4+-+lan4⟧ --team-id «ABCDE12345»"
        ),
        COMMAND("xcrun altool --upload-app -f «app.ipa» -u «maria@example.com» -p ⟦lan4+-+lan4+-+lan4+-+lan4⟧"),
        COMMAND("apksigner sign --ks «acme.jks» --ks-pass pass:⟦pw⟧ --key-pass pass:⟦pw⟧ «app.apk»"),
        COMMAND("fastlane match development --git_url «https://git.example/certs» --password ⟦pw⟧ --readonly"),
        COMMAND("codecov -t ⟦uuid⟧ -F «unit» -f «coverage.xml»"),
        COMMAND("jfrog rt u «dist/» «libs/» --user=«ci» --password=⟦pw⟧ --threads=«3»"),
        COMMAND("java -jar jenkins-cli.jar -s «https://ci.example/» -auth maria:⟦hex34⟧ build «shop» -p «BRANCH=main»"),
        COMMAND("svn checkout --username «maria» --password ⟦pw⟧ --non-interactive «https://svn.example/acme/trunk»"),
        COMMAND("git -c http.extraHeader='Authorization: Basic ⟦base39+=⟧' fetch «origin» --depth=«1»"),
        COMMAND("git remote add origin https://maria:⟦pw⟧@git.example/acme/shop.git"),
        COMMAND("gitlab-runner register --url «https://git.example» --registration-token ⟦url20⟧ --executor «docker»"),
        COMMAND("./config.sh --url «https://github.example/acme» --token ⟦up29⟧ --labels «self-hosted,linux»"),
        COMMAND("wp user create «maria» «maria@example.com» --user_pass=⟦pw⟧ --role=«editor»"),
        COMMAND("wp config create --dbname=«wp» --dbuser=«wp» --dbpass=⟦pw⟧ --dbhost=«db.example»"),
        COMMAND("drush user:password «admin» '⟦pw⟧'"),
        COMMAND("php artisan user:create --email=«maria@example.com» --password=⟦pw⟧"),
        COMMAND("rails runner \"User.create!(email: '«maria@example.com»', password: '⟦pw⟧')\""),
        COMMAND(
            "bin/kafka-configs.sh --alter --add-config 'SCRAM-SHA-256=[iterations=«8192»,password=⟦pw⟧]' --entity-name «app»"
        ),
        COMMAND("elasticsearch-users useradd «maria» -p ⟦pw⟧ -r «superuser»"),
        COMMAND("grafana-cli admin reset-admin-password ⟦pw⟧"),
        COMMAND("airflow users create --username «maria» --password ⟦pw⟧ --role «Admin» --email «maria@example.com»"),
        COMMAND("airflow connections add «db» --conn-uri 'postgres://app:⟦pw⟧@db.example/orders'"),
        COMMAND("superset fab create-admin --username «admin» --password ⟦pw⟧ --email «a@example.com»"),
        COMMAND("rabbitmqctl change_password «shop» ⟦pw⟧"),
        COMMAND("gunicorn «app:app» --bind «0.0.0.0:8000» --workers «4» --env SECRET_KEY=⟦an50⟧"),
        COMMAND("pm2 start «app.js» --name «web» -- --port «8080» --api-key=⟦an32⟧"),
        COMMAND("datadog-ci lambda instrument -f «orders» --api-key ⟦hex32⟧ -r «eu-west-1» --layer-version «62»"),
        COMMAND("newrelic profile add --profile «prod» --apiKey ⟦an40⟧ --region «eu»"),
    ),
    "Child processes": (
        MESSAGE(
            "Error: «Command failed»: mysqldump -u «backup» -p⟦pw⟧ «orders»\nmysqldump: Got error: «1045»: \"«Access denied for user 'backup'@'10.0.0.7' (using password: YES)»\" when trying to connect"
        ),
        MESSAGE(
            "subprocess.CalledProcessError: Command '['psql', '-h', '«db.example»', '-v', 'app_password=⟦pw⟧', '-f', '«init.sql»']' returned non-zero exit status «2»."
        ),
        MESSAGE(
            "subprocess.CalledProcessError: Command '['docker', 'login', '-u', '«robot»', '-p', '⟦pw⟧', '«registry.example»']' returned non-zero exit status «1»."
        ),
        MESSAGE(
            "subprocess.CalledProcessError: Command '['sshpass', '-p', '⟦pw⟧', 'ssh', '«deploy@host.example»', '«uptime»']' returned non-zero exit status «255»."
        ),
        MESSAGE('exec: "«curl»": executable file not found in $PATH: args=["-u" "admin:⟦pw⟧" "«https://api.example»"]'),
        LOG(
            "«2025-05-01T10:15:00Z» INFO Executing: /usr/bin/redis-cli -h «cache.example» -a ⟦pw⟧ FLUSHDB (attempt «2» of «3»)"
        ),
        LOG(
            "+ curl -fsSL -u ci:⟦pw⟧ -o «/tmp/tool.tgz» «https://files.example/tool.tgz»\n+ tar -xzf «/tmp/tool.tgz»\n+ export NPM_TOKEN=⟦an36⟧\n+ npm ci --prefer-offline --loglevel «warn»"
        ),
        LOG(
            "root      «4121»  0.0  0.1 «112812» «9520» ?  Ss  10:15  0:00 /usr/sbin/mysqld --user=«mysql» --port=«3306»\napp       «4188»  0.3  1.1 «812812» «99520» ?  Sl  10:15  0:02 java -Ddb.password=⟦pw⟧ -Xmx«512m» -jar «/srv/app.jar»"
        ),
        YAML(
            "services:\n  cache:\n    image: redis:7\n    command: redis-server --requirepass ⟦pw⟧ --maxmemory «256mb»\n    restart: always\n  db:\n    image: postgres:16\n    command: «postgres -c max_connections=200»"
        ),
        YAML(
            'script:\n  - docker login -u ci -p ⟦pw⟧ registry.example\n  - curl -H "Job-Token: ⟦an20⟧" «https://git.example/api/v4/jobs»\n  - npm test'
        ),
    ),
}
