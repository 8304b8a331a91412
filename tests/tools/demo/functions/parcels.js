'use strict';
// An ordinary Node.js function: an API by fetch, AWS by the AWS SDK, a webhook by http.

const http = require('http');

const { DynamoDBClient, PutItemCommand } = require(`${process.env.PACKAGES}/@aws-sdk/client-dynamodb`);

const dynamodb = new DynamoDBClient({});

exports.handler = async (event) => {
  const order = await (await fetch(`${process.env.API}/orders/${event.order}`)).json();
  await dynamodb.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: order.id } } }));
  return { sent: order.id, webhook: await post(`${process.env.API}/hooks/sent`, JSON.stringify(order)) };
};

function post(url, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST' }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject).end(body);
  });
}
