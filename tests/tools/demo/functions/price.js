'use strict';
// The second function of the crossing: looks the item up, and asks the next function if there is one.

const http = require('http');

exports.handler = async (event) => {
  const { item } = JSON.parse(event.body);
  await (await fetch(`${process.env.API}/orders/17`)).json();
  const { NEXT_URL: next } = process.env;
  const more = next ? JSON.parse(await get(next)) : {};
  return { statusCode: 200, body: JSON.stringify({ price: item.length * 100, ...more }) };
};

function get(url) {
  return new Promise((resolve, reject) => {
    const request = http.get(url, async (response) => {
      let text = '';
      for await (const piece of response.setEncoding('utf8')) text += piece;
      resolve(text);
    });
    request.on('error', reject);
  });
}
