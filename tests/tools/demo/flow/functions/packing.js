'use strict';
// Woken by the queue: tells the topic of each parcel. An order without an item is more than it expects.

const { SNSClient, PublishCommand } = require(`${process.env.PACKAGES}/@aws-sdk/client-sns`);

const sns = new SNSClient({});

exports.handler = async (event) => {
  for (const record of event.Records) {
    const order = JSON.parse(record.body);
    const parcel = { id: order.id, grams: order.item.length * 100 };
    await sns.send(new PublishCommand({ TopicArn: process.env.PARCELS, Message: JSON.stringify(parcel) }));
  }
};
